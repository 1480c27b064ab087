import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sseEvent } from './sse-encode.js';
import type { SseEvent } from './sse-event.js';
import { SseParser, type SseParserOptions } from './sse-parser.js';

const lineEnd = fc.constantFrom('\n', '\r', '\r\n');
const value = fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => text.replaceAll(/[\r\n]/g, ''));
const json = fc.jsonValue({ maxDepth: 1 }).map((each) => JSON.stringify(each));
const line = fc.oneof(
  { weight: 4, arbitrary: value.map((text) => `data: ${text}`) },
  { weight: 4, arbitrary: json.map((text) => `data:${text}`) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('event', 'id', 'retry', 'x', ''), value).map((pair) => pair.join(':')),
  },
  { weight: 1, arbitrary: value },
  { weight: 4, arbitrary: fc.constant('') },
);
const stream = fc
  .tuple(fc.constantFrom('', '\uFEFF'), fc.array(fc.tuple(line, lineEnd), { maxLength: 16 }), value)
  .map(([mark, lines, rest]) => mark + lines.flat().join('') + rest);
const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 12 });
const framing = fc.constantFrom<SseParserOptions>({}, { framing: 'json' });

function piecesOf(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [0, ...at.filter((place) => place < bytes.length), bytes.length].toSorted(
    (left, right) => left - right,
  );
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

function eventsOf(pieces: readonly Uint8Array[], options: SseParserOptions): SseEvent[] {
  const parser = new SseParser(options);
  const events = pieces.flatMap((piece) => parser.push(piece));
  return [...events, ...parser.end()];
}

/** The standard's own words, on the whole text at once. */
function readByTheStandard(text: string): SseEvent[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  // What no line end has closed is not a line yet.
  lines.pop();
  const events: SseEvent[] = [];
  let data: string[] = [];
  let event = '';
  let id: string | undefined;
  for (const each of lines) {
    if (each === '') {
      if (data.length > 0)
        events.push({ data: data.join('\n'), ...(event !== '' && { event }), ...(id !== undefined && { id }) });
      data = [];
      event = '';
      continue;
    }
    const [, name = '', rest = ''] = /^([^:]*)(?::[ ]?(.*))?$/su.exec(each) ?? [];
    if (name === 'data') data.push(rest);
    else if (name === 'event') event = rest;
    else if (name === 'id' && !rest.includes('\0')) id = rest;
  }
  return events;
}

it('wherever a stream is cut, in a character, a line end or a mark, its events are those of the standard', () => {
  fc.assert(
    fc.property(stream, cuts, (text, at) => {
      expect(eventsOf(piecesOf(Buffer.from(text), at), {})).toEqual(readByTheStandard(text));
    }),
  );
});

it('wherever any bytes are cut, the events are the same', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        stream.map((text) => Buffer.from(text)),
        fc.uint8Array(),
      ),
      cuts,
      framing,
      (bytes, at, options) => {
        expect(eventsOf(piecesOf(bytes, at), options)).toEqual(eventsOf([bytes], options));
      },
    ),
  );
});

it('byte by byte it is the same stream', () => {
  fc.assert(
    fc.property(stream, framing, (text, options) => {
      const bytes = Buffer.from(text);
      const single = Array.from(bytes.keys(), (at) => bytes.subarray(at, at + 1));
      expect(eventsOf(single, options)).toEqual(eventsOf([bytes], options));
    }),
  );
});

it('reads whatever it is told to write', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), cuts, (texts, at) => {
      const bytes = Buffer.from(texts.map((data) => sseEvent({ event: 'e', data })).join(''));
      const told = texts.map((data) => ({ event: 'e', data: data.replaceAll(/\r\n|\r/g, '\n') }));
      expect(eventsOf(piecesOf(bytes, at), {})).toEqual(told);
    }),
  );
});
