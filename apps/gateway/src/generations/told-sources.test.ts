import type { Part, PartRecord } from '@sluice/contracts/part';
import { expect, test } from 'vitest';
import { toldSources } from './told-sources.js';

async function told(parts: readonly Part[]): Promise<Part[]> {
  async function* tail(): AsyncGenerator<PartRecord[]> {
    for (const [index, part] of parts.entries()) yield [{ sequence: index + 1, part }];
  }
  const all: Part[] = [];
  for await (const records of toldSources(tail())) all.push(...records.map(({ part }) => part));
  return all;
}

const cited = (...urls: string[]): Part => ({
  type: 'annotations',
  choice: 0,
  annotations: urls.map((url) => ({ type: 'url_citation', url_citation: { url, title: `On [${url.length}]` } })),
});
const FINISH: Part = { type: 'finish', choice: 0, reason: 'stop' };

test('sources stand before the end, each once, as links that hold', async () => {
  const parts = await told([cited('https://a.example/x y', 'https://b.example'), cited('https://b.example'), FINISH]);
  expect(parts.map(({ type }) => type)).toEqual(['annotations', 'annotations', 'text-delta', 'finish']);
  expect(parts[2]).toEqual({
    type: 'text-delta',
    choice: 0,
    text: '\n\n---\n1. [On \\[21\\]](https://a.example/x%20y)\n2. [On \\[17\\]](https://b.example)\n',
  });
});

test('those that only a speaker of Gemini is told count as well', async () => {
  const groundingMetadata = { groundingChunks: [{ web: { uri: 'https://a.example' } }] };
  const native: Part = {
    type: 'native',
    choice: 0,
    dialect: 'gemini-generate',
    data: { candidate: { groundingMetadata } },
  };
  expect((await told([native, FINISH]))[1]).toMatchObject({ text: expect.stringContaining('(https://a.example)') });
});

test('without any, and for what is no address of the web, nothing is said', async () => {
  expect(await told([FINISH])).toEqual([FINISH]);
  expect(await told([cited('javascript:alert(1)'), FINISH])).toHaveLength(2);
});
