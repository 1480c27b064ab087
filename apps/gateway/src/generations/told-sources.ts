import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { Part, PartRecord } from '@sluice/contracts/part';

/** An answer whose text ends with what it was found in, as Markdown. */
export async function* toldSources(
  tail: AsyncIterable<PartRecord[]> | Iterable<PartRecord[]>,
): AsyncGenerator<PartRecord[]> {
  const sources = new SourceList();
  for await (const records of tail) yield records.flatMap((record) => sources.read(record));
}

class SourceList {
  private readonly byChoice = new Map<number, Map<string, string>>();

  /** The record, and before the end of an alternative what is to be said there. */
  read(record: PartRecord): PartRecord[] {
    const { part } = record;
    if (part.type === 'annotations') for (const one of part.annotations) this.add(part.choice, readCitation(one));
    if (part.type === 'native') for (const one of readChunks(part.data)) this.add(part.choice, one);
    if (part.type !== 'finish') return [record];
    const text = this.take(part.choice);
    const said: Part = { type: 'text-delta', choice: part.choice, text };
    return text === '' ? [record] : [{ ...record, part: said }, record];
  }

  private add(choice: number, source: Source | undefined): void {
    if (source === undefined) return;
    const known = this.byChoice.get(choice) ?? new Map<string, string>();
    if (!known.has(source.url)) known.set(source.url, source.title);
    this.byChoice.set(choice, known);
  }

  private take(choice: number): string {
    const known = [...(this.byChoice.get(choice) ?? [])];
    this.byChoice.delete(choice);
    if (known.length === 0) return '';
    return `\n\n---\n${known.map(([url, title], index) => `${index + 1}. [${escaped(title)}](${encoded(url)})`).join('\n')}\n`;
  }
}

interface Source {
  url: string;
  title: string;
}

function readCitation(annotation: unknown): Source | undefined {
  const citation = isJsonObject(annotation) ? annotation['url_citation'] : undefined;
  return isJsonObject(citation) ? sourceOf(citation['url'], citation['title']) : undefined;
}

function readChunks({ candidate }: JsonObject): (Source | undefined)[] {
  const grounding = isJsonObject(candidate) ? candidate['groundingMetadata'] : undefined;
  const chunks = isJsonObject(grounding) ? grounding['groundingChunks'] : undefined;
  return (Array.isArray(chunks) ? chunks : []).map((chunk) => {
    const web = isJsonObject(chunk) ? chunk['web'] : undefined;
    return isJsonObject(web) ? sourceOf(web['uri'], web['title']) : undefined;
  });
}

/** Only addresses of the web: it becomes a link in somebody's window. */
function sourceOf(url: unknown, title: unknown): Source | undefined {
  if (typeof url !== 'string' || !/^https?:\/\//i.test(url)) return undefined;
  return { url, title: typeof title === 'string' && title !== '' ? title : url };
}

function escaped(title: string): string {
  return title.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[[\]\\]/g, String.raw`\$&`);
}

function encoded(url: string): string {
  return url.replaceAll(/[\s()<>]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
