import { expect, it } from 'vitest';
import { findFlaws } from '../cases/clean-stream.js';
import { sharedSluice } from '../harness/shared-sluice.js';

const sluice = sharedSluice();
const STREAMS = 200;

const kinds = [
  { markers: 'chunks=20', extras: {} },
  { markers: 'chunks=40,chunk-delay-ms=20', extras: {} },
  { markers: 'chunks=10,split-utf8,changing-ids', extras: {} },
  { markers: 'size=200000', extras: {} },
  { markers: 'chunks=12,missing-role,no-done', extras: { stream_options: { include_usage: true } } },
];

it(`${STREAMS} streams of all kinds at once are each whole and in order`, async () => {
  const flaws = await Promise.all(
    Array.from({ length: STREAMS }, async (_, index) => {
      const kind = kinds[index % kinds.length] ?? { markers: '', extras: {} };
      const stream = await sluice.stream(`number-${index}. [[sim:${kind.markers}]]`, kind.extras);
      const found = findFlaws(stream, { isUsageAsked: 'stream_options' in kind.extras });
      return [...found, ...textFlaws(stream.text, kind.markers, index)].map(
        (flaw) => `${index} (${kind.markers}): ${flaw}`,
      );
    }),
  );
  expect(flaws.flat()).toEqual([]);
});

/** The simulator fills with numbered words: a lost, doubled or misplaced chunk shows. */
function textFlaws(text: string, markers: string, index: number): string[] {
  const size = /size=(\d+)/.exec(markers)?.[1];
  if (size !== undefined)
    return text === 'simulated text '.repeat(Math.ceil(Number(size) / 15)).slice(0, Number(size))
      ? []
      : [`text of ${text.length}`];
  if (!text.startsWith(`Simulated reply to: number-${index}.`)) return [`text begins ${text.slice(0, 60)}`];
  const words = [...text.matchAll(/word-(\d+)/g)].map((match) => Number(match[1]));
  return words.every((word, place) => word === place + 1) ? [] : [`words ${words.join(' ')}`];
}
