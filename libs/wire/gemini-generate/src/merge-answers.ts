import type { JsonObject } from '@sluice/contracts/json';

/**
 * Google's own client keeps every event of a stream as a content of its own, and Gemini refuses a call that does not
 * follow the user: neighbours of the model's become one. What needs no change stays the same objects.
 */
export function mergeAnswers(contents: readonly JsonObject[]): JsonObject[] {
  const merged: JsonObject[] = [];
  for (const content of contents) {
    const last = merged.at(-1);
    const parts = partsOf(last);
    const own = partsOf(content);
    if (last === undefined || parts === undefined || own === undefined) merged.push(content);
    else merged[merged.length - 1] = { ...last, ...content, parts: [...parts, ...own] };
  }
  return merged;
}

function partsOf(content: JsonObject | undefined): JsonObject[] | undefined {
  if (content?.['role'] !== 'model' || !Array.isArray(content['parts'])) return undefined;
  return content['parts'] as JsonObject[];
}
