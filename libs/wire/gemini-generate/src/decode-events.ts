import type { SseEvent } from '@sluice/wire-sse/sse-event';
import { SseParser } from '@sluice/wire-sse/sse-parser';
import { StringDecoder } from 'node:string_decoder';
import { JsonArraySplitter } from './json-array-splitter.js';

/**
 * The events of a `streamGenerateContent` body, in either form: server-sent events, in which an error can stand as bare
 * JSON between them, or one JSON array, told apart by its first character.
 */
export async function* decodeEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<SseEvent, void, undefined> {
  const utf8 = new StringDecoder('utf8');
  let splitter: Splitter | undefined;
  let head = '';
  for await (const bytes of body) {
    let text = utf8.write(bytes as Buffer);
    if (splitter === undefined) {
      head += text;
      const first = /[^\s\uFEFF]/.exec(head)?.[0];
      if (first === undefined) continue;
      splitter = first === '[' ? new JsonArraySplitter() : new EventSplitter();
      text = head;
    }
    for (const data of splitter.push(text)) yield { data };
  }
  for (const data of splitter?.end() ?? []) yield { data };
}

interface Splitter {
  push(text: string): Iterable<string>;
  end(): Iterable<string>;
}

/** Lines of bare JSON are taken for data, which is what they would be if Google had marked them. */
class EventSplitter implements Splitter {
  private readonly parser = new SseParser({ framing: 'json' });
  private line = '';

  push(text: string): Iterable<string> {
    const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
    if (end === 0) {
      this.line += text;
      return [];
    }
    const whole = this.line + text.slice(0, end);
    this.line = text.slice(end);
    return this.parse(whole);
  }

  *end(): Iterable<string> {
    yield* this.parse(this.line);
    for (const { data } of this.parser.end()) yield data;
  }

  private parse(lines: string): string[] {
    const marked = lines.replaceAll(BARE_LINE, '$1data: $2');
    return this.parser.push(Buffer.from(marked)).map(({ data }) => data);
  }
}

/** A line that is neither blank nor a field of an event. Without `m`, for which a line separator in a text ends a line too. */
const BARE_LINE = /(^|[\r\n])(?!data:|event:|id:|retry:|:)(?=[^\r\n]*\S)([^\r\n]*)/g;
