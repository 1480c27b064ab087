import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** Whatever is in them is the caller's own, or a schema, whose names are not Google's. */
const OPAQUE = new Set([
  'args',
  'response',
  'partMetadata',
  'labels',
  'parameters',
  'parametersJsonSchema',
  'responseSchema',
  'responseJsonSchema',
]);

/** Google takes one of them where a list is meant. */
const REPEATED = new Set([
  'contents',
  'parts',
  'tools',
  'functionDeclarations',
  'safetySettings',
  'stopSequences',
  'allowedFunctionNames',
  'responseModalities',
  'requests',
]);

/** Google takes names in snake_case as well: the same value with all names in camelCase. What needs no change is not copied. */
export function camelCased(value: Json): Json {
  if (Array.isArray(value)) return keepSame(value, value.map(camelCased));
  return isJsonObject(value) ? camelCasedObject(value) : value;
}

function camelCasedObject(object: JsonObject): JsonObject {
  let changed: JsonObject | undefined;
  for (const [name, value] of Object.entries(object)) {
    const camel = name.includes('_') ? toCamel(name) : name;
    const inner = OPAQUE.has(camel) || value === undefined ? value : camelCased(value);
    const listed = REPEATED.has(camel) && (isJsonObject(inner) || typeof inner === 'string') ? [inner] : inner;
    if (camel === name && listed === value) continue;
    changed ??= { ...object };
    if (camel !== name) delete changed[name];
    changed[camel] = listed;
  }
  return changed ?? object;
}

function keepSame(before: Json[], after: Json[]): Json[] {
  return after.every((each, index) => each === before[index]) ? before : after;
}

export function toCamel(name: string): string {
  return name.replaceAll(/_+([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
}

/** A path into the camel-cased value, as the caller wrote it. */
export function originalPath(path: readonly PropertyKey[], body: unknown): PropertyKey[] {
  let value = body;
  return path.flatMap((key) => {
    // The list that was made of a single value.
    if (typeof key === 'number' && !Array.isArray(value)) return [];
    const own = isJsonObject(value) ? Object.keys(value).find((name) => toCamel(name) === key) : undefined;
    const found = own ?? key;
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[found];
    return [found];
  });
}
