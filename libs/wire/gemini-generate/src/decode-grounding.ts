import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** Gathers what an answer stands on, which a stream tells bit by bit, and tells it as OpenAI's URL citations. */
export class GroundingReader {
  private readonly chunks: Json[] = [];
  private readonly supports: JsonObject[] = [];

  read(metadata: Json | undefined): void {
    if (!isJsonObject(metadata)) return;
    const { groundingChunks: chunks, groundingSupports: supports } = metadata;
    if (Array.isArray(chunks)) this.chunks.push(...chunks);
    if (Array.isArray(supports)) this.supports.push(...supports.filter(isJsonObject));
  }

  annotations(text: string): Json[] {
    const cited = new Set<number>();
    const annotations = this.supports.flatMap(({ segment, groundingChunkIndices: indices }) => {
      const range = locate(segment, text);
      return (Array.isArray(indices) ? indices : []).flatMap((index) => {
        cited.add(Number(index));
        return encode(this.chunks[Number(index)], range);
      });
    });
    const nowhere = { start: text.length, end: text.length };
    const uncited = this.chunks.flatMap((chunk, index) => (cited.has(index) ? [] : encode(chunk, nowhere)));
    return [...annotations, ...uncited];
  }
}

interface Range {
  start: number;
  end: number;
}

/** Google counts bytes of UTF-8, within a part; where these do not fit, the segment's own text is looked for. */
function locate(segment: Json | undefined, text: string): Range {
  if (!isJsonObject(segment)) return { start: text.length, end: text.length };
  const start = toIndex(text, segment['startIndex'] ?? 0);
  const end = toIndex(text, segment['endIndex'] ?? 0);
  const quoted = segment['text'];
  if (typeof quoted !== 'string' || quoted === '' || text.slice(start, end) === quoted) return { start, end };
  const found = text.indexOf(quoted);
  return found === -1 ? { start, end } : { start: found, end: found + quoted.length };
}

function toIndex(text: string, bytes: Json): number {
  return Buffer.from(text).subarray(0, Number(bytes)).toString().length;
}

function encode(chunk: Json | undefined, { start, end }: Range): Json[] {
  if (!isJsonObject(chunk)) return [];
  const source = [chunk['web'], chunk['retrievedContext'], chunk['maps'], chunk['image']].find(isJsonObject);
  const url = source?.['uri'] ?? source?.['sourceUri'];
  if (source === undefined || typeof url !== 'string') return [];
  const title = source['title'] ?? '';
  return [{ type: 'url_citation', url_citation: { url, title, start_index: start, end_index: end } }];
}
