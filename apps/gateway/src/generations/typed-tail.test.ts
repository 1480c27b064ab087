import type { Part, PartRecord } from '@sluice/contracts/part';
import { createFakeClock, type FakeClock } from '@sluice/testing/fake-clock';
import { expect, test } from 'vitest';
import { typedTail } from './typed-tail.js';

const TYPING = { characters: 2, delayMs: 10, longestMs: 35 };
const text = (said: string): Part => ({ type: 'text-delta', choice: 0, text: said });
const DONE: Part = { type: 'succeeded' };

interface Told {
  atMs: number;
  parts: Part[];
}

function tell(
  batches: readonly Part[][],
  { clock, isGone = () => false }: { clock: FakeClock; isGone?: () => boolean },
) {
  const startMs = clock.now();
  async function* tail(): AsyncGenerator<PartRecord[]> {
    for (const parts of batches) yield parts.map((part) => ({ sequence: 1, part }));
  }
  const all: Told[] = [];
  const done = (async () => {
    for await (const records of typedTail(tail(), { typing: TYPING, clock, isGone }))
      all.push({ atMs: clock.now() - startMs, parts: records.map(({ part }) => part) });
  })();
  return { all, done };
}

const said = (all: readonly Told[]) =>
  all.map(({ parts }) => parts.map((part) => ('text' in part ? part.text : part.type)));

test('text comes in pieces, each after a pause, and what stands around it in its order', async () => {
  const clock = createFakeClock();
  const { all, done } = tell([[{ type: 'start' }, text('abcd👍🏽')], [DONE]], { clock });
  await clock.advance(100);
  await done;
  expect(said(all)).toEqual([['start', 'ab'], ['cd'], ['👍🏽'], ['succeeded']]);
  expect(all.map(({ atMs }) => atMs)).toEqual([0, 10, 20, 20]);
});

test('nothing is told much later than it came, however much that is', async () => {
  const clock = createFakeClock();
  const { all, done } = tell([[text('x'.repeat(200))], [text('y'.repeat(200))], [DONE]], { clock });
  await clock.advance(1_000);
  await done;
  expect(Math.max(...all.map(({ atMs }) => atMs))).toBeLessThanOrEqual(TYPING.longestMs + TYPING.delayMs);
  expect(said(all).flat().join('')).toBe(`${'x'.repeat(200)}${'y'.repeat(200)}succeeded`);
});

test('a failure stays with what came with it: alone, it can still become a status', async () => {
  const clock = createFakeClock();
  const failed: Part = { type: 'failed', error: { code: 'internal', message: '' } };
  const { all, done } = tell([[{ type: 'start' }, failed]], { clock });
  await done;
  expect(said(all)).toEqual([['start', 'failed']]);
});

test('it ends with the client', async () => {
  const clock = createFakeClock();
  let isGone = false;
  const { all, done } = tell([[text('abcdefgh')], [DONE]], { clock, isGone: () => isGone });
  await clock.advance(10);
  isGone = true;
  await clock.advance(10);
  await done;
  expect(said(all)).toEqual([['ab'], ['cd']]);
  expect(clock.pendingCount()).toBe(0);
});
