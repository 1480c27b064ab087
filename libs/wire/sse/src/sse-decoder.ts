import type { SseEvent } from './sse-event.js';
import { SseParser, type SseParserOptions } from './sse-parser.js';

export type { SseEvent } from './sse-event.js';

/** The events of a body, as soon as each is complete. Leaving the loop early closes the body. */
export async function* decodeSse(
  body: AsyncIterable<Uint8Array>,
  options: SseParserOptions = {},
): AsyncGenerator<SseEvent, void, undefined> {
  const parser = new SseParser(options);
  for await (const bytes of body) {
    for (const event of parser.push(bytes)) yield event;
  }
  for (const event of parser.end()) yield event;
}
