import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { camelCased } from './camel-case.js';

/** What is added to a client's own body. */
export interface BodyAdditions {
  tools?: readonly JsonObject[];
  /** The client's own built-in tools are left out. */
  dropsBuiltIn?: boolean;
  dropsSystem?: boolean;
  /** By category; the client's own win. */
  safetySettings?: readonly JsonObject[];
  responseModalities?: readonly string[];
  /** The client's own modalities win. */
  keepsModalities?: boolean;
}

/** A client's own body with what an operator's options add. Every other field of it is left as it is. */
export function extendBody(body: JsonObject, additions: BodyAdditions): JsonObject {
  const wire = camelCased(body) as JsonObject;
  const { systemInstruction: _, ...withoutSystem } = wire;
  return {
    ...(additions.dropsSystem ? withoutSystem : wire),
    ...toolsOf(wire, additions),
    ...safetyOf(wire, additions),
    ...configOf(wire, additions),
  };
}

function toolsOf(wire: JsonObject, { tools = [], dropsBuiltIn = false }: BodyAdditions): JsonObject {
  if (tools.length === 0 && !dropsBuiltIn) return {};
  const given = Array.isArray(wire['tools']) ? wire['tools'] : [];
  const own = dropsBuiltIn ? given.flatMap(functionsOnly) : given;
  const names = new Set(own.filter(isJsonObject).flatMap(Object.keys));
  const added = tools.filter((tool) => !Object.keys(tool).some((name) => names.has(name)));
  return { tools: [...own, ...added] };
}

function functionsOnly(tool: Json): Json[] {
  const functions = isJsonObject(tool) ? tool['functionDeclarations'] : undefined;
  return functions === undefined ? [] : [{ functionDeclarations: functions }];
}

function safetyOf(wire: JsonObject, { safetySettings = [] }: BodyAdditions): JsonObject {
  if (safetySettings.length === 0) return {};
  const own = Array.isArray(wire['safetySettings']) ? wire['safetySettings'] : [];
  const categories = new Set(own.filter(isJsonObject).map(({ category }) => category));
  return { safetySettings: [...own, ...safetySettings.filter(({ category }) => !categories.has(category))] };
}

function configOf(wire: JsonObject, { responseModalities, keepsModalities = false }: BodyAdditions): JsonObject {
  if (responseModalities === undefined) return {};
  const config = isJsonObject(wire['generationConfig']) ? wire['generationConfig'] : {};
  if (keepsModalities && config['responseModalities'] != null) return {};
  return { generationConfig: { ...config, responseModalities: [...responseModalities] } };
}
