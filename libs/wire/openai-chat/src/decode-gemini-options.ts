import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import type { ChatCompletionBody } from './schema.js';

/**
 * What clients of this dialect say to Gemini beyond it: the fields that Google's own layer over it takes in
 * `extra_body.google`, and what relays made usual for models that paint. Undefined where nothing is said.
 */
export function decodeGeminiOptions(wire: ChatCompletionBody): JsonObject | undefined {
  const paints = wire.modalities?.includes('image') === true;
  if (!paints && wire.extra_body == null && wire.image_config == null) return undefined;
  const google = isJsonObject(wire.extra_body?.['google']) ? wire.extra_body['google'] : {};
  const config = present({
    ...camelNames(google['generation_config']),
    responseModalities: paints ? ['TEXT', 'IMAGE'] : undefined,
    imageConfig: imageConfig(wire.image_config, google['aspect_ratio']),
    thinkingConfig: isJsonObject(google['thinking_config']) ? camelNames(google['thinking_config']) : undefined,
  });
  const options: JsonObject = present({
    generationConfig: Object.keys(config).length === 0 ? undefined : (config as JsonObject),
    cachedContent: google['cached_content'],
    safetySettings: google['safety_settings'],
    tools: google['tools'],
  });
  return Object.keys(options).length === 0 ? undefined : options;
}

function imageConfig(asked: JsonObject | null | undefined, aspectRatio: unknown): JsonObject | undefined {
  const config = { ...(typeof aspectRatio === 'string' && { aspectRatio }), ...camelNames(asked) };
  return Object.keys(config).length === 0 ? undefined : config;
}

function camelNames(value: unknown): JsonObject {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      each,
    ]),
  );
}
