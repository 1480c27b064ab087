import { expect, it } from 'vitest';
import { decodeEvents } from './decode-events.js';

async function dataOf(...pieces: string[]): Promise<string[]> {
  async function* body() {
    for (const piece of pieces) yield Buffer.from(piece);
  }
  const found: string[] = [];
  for await (const { data } of decodeEvents(body())) found.push(data);
  return found;
}

it('leaves the line separators in a text alone', async () => {
  const data = JSON.stringify({ text: 'one\u2028two\u2029three' });
  expect(await dataOf(`data: ${data}\n\n`)).toEqual([data]);
});

it('takes an error that stands bare between the events for data', async () => {
  expect(await dataOf('data: {"a":1}\r\n\r\n', '{"error":{"code":503}}\n')).toEqual([
    '{"a":1}',
    '{"error":{"code":503}}',
  ]);
});
