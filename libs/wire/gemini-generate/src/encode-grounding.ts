import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** OpenAI's URL citations as what an answer stands on. Google counts bytes of UTF-8. */
export function encodeGrounding(annotations: readonly Json[], text: string): JsonObject | undefined {
  const chunks: JsonObject[] = [];
  const supports: JsonObject[] = [];
  for (const annotation of annotations) {
    const citation = isJsonObject(annotation) ? annotation['url_citation'] : undefined;
    if (!isJsonObject(citation)) continue;
    const { url, title, start_index: start, end_index: end } = citation;
    const known = chunks.findIndex(({ web }) => isJsonObject(web) && web['uri'] === url);
    const index = known === -1 ? chunks.push({ web: { uri: url, title } }) - 1 : known;
    if (typeof start !== 'number' || typeof end !== 'number' || end <= start) continue;
    const segment = {
      startIndex: Buffer.byteLength(text.slice(0, start)),
      endIndex: Buffer.byteLength(text.slice(0, end)),
      text: text.slice(start, end),
    };
    supports.push({ segment, groundingChunkIndices: [index] });
  }
  return chunks.length === 0 ? undefined : { groundingChunks: chunks, groundingSupports: supports };
}
