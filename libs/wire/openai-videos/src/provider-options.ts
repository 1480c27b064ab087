import type { JsonObject } from '@sluice/contracts/json';

type ProviderOptions = Record<string, JsonObject>;

/** Takes this dialect's own fields as they are. */
const NATIVE_UPSTREAM = 'sora';
/** Takes those that it has itself, in its own spelling. */
const VEO_UPSTREAM = 'gemini';
const VEO_FIELDS = new Set(['negativePrompt', 'personGeneration', 'enhancePrompt']);

/** Fields beside those of the internal form, for the upstreams that know them. */
export function toProviderOptions(extras: JsonObject): ProviderOptions | undefined {
  if (Object.keys(extras).length === 0) return undefined;
  const veo = Object.entries(extras).flatMap(([name, value]) =>
    VEO_FIELDS.has(toCamel(name)) ? [[toCamel(name), value] as const] : [],
  );
  return { [NATIVE_UPSTREAM]: extras, ...(veo.length > 0 && { [VEO_UPSTREAM]: Object.fromEntries(veo) }) };
}

/** Whether a field of the caller's is among what goes to this upstream. */
export function isCarried(field: string, upstream: string, options: ProviderOptions = {}): boolean {
  const carried = options[upstream] ?? {};
  return field in carried || toCamel(field) in carried;
}

function toCamel(name: string): string {
  return name.replaceAll(/_+([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
}
