import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeSse } from './sse-decoder.js';
import { sseComment, sseData, sseEvent } from './sse-encode.js';

it('frames JSON in one line', () => {
  expect(sseData('{"a":1}')).toBe('data: {"a":1}\n\n');
});

it('frames a name, an id and data of several lines', () => {
  expect(sseEvent({ event: 'x', data: 'a\r\nb', id: 3 })).toBe('id: 3\nevent: x\ndata: a\ndata: b\n\n');
});

it('keeps a comment in one line', () => {
  expect(sseComment('a\nb')).toBe(': a b\n\n');
});

it('is read back as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary' })), async (texts) => {
      const read: string[] = [];
      const body = texts.map((data) => sseComment('x') + sseEvent({ data })).join('');
      for await (const event of decodeSse(once(Buffer.from(body)))) read.push(event.data);
      expect(read).toEqual(texts.map((text) => Buffer.from(text.replaceAll(/\r\n|\r/g, '\n')).toString()));
    }),
    { numRuns: 100 },
  );
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
