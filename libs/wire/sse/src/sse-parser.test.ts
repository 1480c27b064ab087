import { GatewayError } from '@sluice/contracts/gateway-error';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SseEvent } from './sse-event.js';
import { SseParser, type SseParserOptions } from './sse-parser.js';

function parse(pieces: readonly (string | Uint8Array)[], options?: SseParserOptions): SseEvent[] {
  const parser = new SseParser(options);
  const events = pieces.flatMap((piece) => parser.push(typeof piece === 'string' ? Buffer.from(piece) : piece));
  return [...events, ...parser.end()];
}

function cutEverywhere(text: string, options?: SseParserOptions): SseEvent[][] {
  const bytes = Buffer.from(text);
  return Array.from({ length: bytes.length + 1 }, (_, cut) =>
    parse([bytes.subarray(0, cut), bytes.subarray(cut)], options),
  );
}

describe('the standard', () => {
  it.each([
    ['line feeds', 'data: a\n\ndata: b\n\n', [{ data: 'a' }, { data: 'b' }]],
    ['carriage returns', 'data: a\r\rdata: b\r\r', [{ data: 'a' }, { data: 'b' }]],
    ['both', 'data: a\r\n\r\ndata: b\r\n\r\n', [{ data: 'a' }, { data: 'b' }]],
    ['mixed ends', 'data: a\r\n\ndata: b\n\r\ndata: c\r\r', [{ data: 'a' }, { data: 'b' }, { data: 'c' }]],
    ['a byte order mark', '\uFEFFdata: a\n\n', [{ data: 'a' }]],
    ['several data lines', 'data: a\ndata:b\ndata\n\n', [{ data: 'a\nb\n' }]],
    ['one leading space only', 'data:  a\n\n', [{ data: ' a' }]],
    ['comments', ': ping\n\n:\n\ndata: a\n\n', [{ data: 'a' }]],
    ['empty data', 'data:\n\n', [{ data: '' }]],
    ['no data', 'event: ping\n\ndata: a\n\n', [{ data: 'a' }]],
    ['names', 'event: x\ndata: a\n\ndata: b\n\n', [{ event: 'x', data: 'a' }, { data: 'b' }]],
    [
      'ids, which stay',
      'id: 1\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\nid\ndata: d\n\n',
      [
        { id: '1', data: 'a' },
        { id: '1', data: 'b' },
        { id: '1', data: 'c' },
        { id: '', data: 'd' },
      ],
    ],
    ['fields unknown to it', 'retry: 10\nfoo: bar\ndata: a\n\n', [{ data: 'a' }]],
    ['an unfinished last event', 'data: a\n\ndata: b\n', [{ data: 'a' }]],
    ['wide characters', 'data: žluťoučký 🐎 kůň\n\n', [{ data: 'žluťoučký 🐎 kůň' }]],
  ])('reads %s, cut at any byte', (_name, text, expected) => {
    for (const events of cutEverywhere(text)) expect(events).toEqual(expected);
  });

  it('reads byte by byte what it reads at once', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, '')}`),
      fc.constantFrom('', '', 'event: x', 'id: 7', ': c', 'data', 'data:', 'other: 1'),
    );
    const text = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')), { maxLength: 12 })
      .map((lines) => lines.flat().join(''));
    fc.assert(
      fc.property(text, (stream) => {
        const bytes = Buffer.from(stream);
        expect(parse(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(parse([bytes]));
      }),
      { numRuns: 300 },
    );
  });
});

describe('framing by JSON', () => {
  it('parts events that only one line end parts', () => {
    const text = 'data: {"a":1}\ndata: {"b":2}\ndata: [DONE]\n';
    for (const events of cutEverywhere(text, { framing: 'json' })) {
      expect(events).toEqual([{ data: '{"a":1}' }, { data: '{"b":2}' }, { data: '[DONE]' }]);
    }
  });

  it('keeps one value written over several lines together', () => {
    expect(parse(['data: {"a":[{"b":1},\ndata: {"c":2}]\ndata: }\n\n'], { framing: 'json' })).toEqual([
      { data: '{"a":[{"b":1},\n{"c":2}]\n}' },
    ]);
  });

  it('takes the last event without its end', () => {
    expect(parse(['data: {"a":1}'], { framing: 'json' })).toEqual([{ data: '{"a":1}' }]);
  });
});

it('refuses an event without end', () => {
  const parser = new SseParser({ maximumEventLength: 100 });
  expect(() => parser.push(Buffer.from(`data: ${'x'.repeat(200)}`))).toThrow(GatewayError);
});

it('costs no more than its length on a long line in small pieces', () => {
  const piece = Buffer.from('x'.repeat(1000));
  const parser = new SseParser();
  parser.push(Buffer.from('data: '));
  for (let count = 0; count < 5000; count += 1) parser.push(piece);
  expect(parser.push(Buffer.from('\n\n'))[0]?.data.length).toBe(5_000_000);
});
