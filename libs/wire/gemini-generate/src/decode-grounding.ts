import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** Gathers what an answer stands on, which a stream tells bit by bit, and tells it as OpenAI's URL citations. */
export class GroundingReader {
  private readonly chunks: Json[] = [];
  private readonly supports: JsonObject[] = [];
  /** Pages that were read because the prompt named them. */
  private readonly pages = new Set<string>();
  /** What it repeats word for word. */
  private readonly citations: JsonObject[] = [];

  /** Of a candidate, all that tells where it has something from. */
  read({ groundingMetadata: grounding, urlContextMetadata: context, citationMetadata: cited }: JsonObject): void {
    this.readGrounding(grounding);
    for (const { retrievedUrl, urlRetrievalStatus: status } of objectsIn(context, 'urlMetadata'))
      if (typeof retrievedUrl === 'string' && status === 'URL_RETRIEVAL_STATUS_SUCCESS') this.pages.add(retrievedUrl);
    // It is told whole, again with every event.
    const citations = [...objectsIn(cited, 'citationSources'), ...objectsIn(cited, 'citations')];
    if (citations.length > 0) this.citations.splice(0, this.citations.length, ...citations);
  }

  private readGrounding(metadata: Json | undefined): void {
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
    const quoted = this.citations.flatMap((citation) => encode({ web: citation }, locate(citation, text)));
    return [...annotations, ...uncited, ...quoted, ...this.unnamedPages(nowhere)];
  }

  /** Those that stand among the chunks were told with their place. */
  private unnamedPages(nowhere: Range): Json[] {
    const named = new Set(this.chunks.flatMap((chunk) => sourceOf(chunk)?.url ?? []));
    return [...this.pages].flatMap((uri) => (named.has(uri) ? [] : encode({ web: { uri } }, nowhere)));
  }
}

function objectsIn(metadata: Json | undefined, field: string): JsonObject[] {
  const list = isJsonObject(metadata) ? metadata[field] : undefined;
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
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
  const source = sourceOf(chunk);
  if (source === undefined) return [];
  return [{ type: 'url_citation', url_citation: { ...source, start_index: start, end_index: end } }];
}

function sourceOf(chunk: Json | undefined): { url: string; title: Json } | undefined {
  if (!isJsonObject(chunk)) return undefined;
  const source = [chunk['web'], chunk['retrievedContext'], chunk['maps'], chunk['image']].find(isJsonObject);
  const url = source?.['uri'] ?? source?.['sourceUri'];
  return typeof url === 'string' ? { url, title: source?.['title'] ?? '' } : undefined;
}
