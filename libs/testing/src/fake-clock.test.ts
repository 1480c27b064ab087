import { expect, test } from 'vitest';
import { createFakeClock } from './fake-clock.js';

test('callbacks run in the order of their times, each seeing its own time', async () => {
  const clock = createFakeClock(1_000);
  const seen: [string, number][] = [];
  clock.after(20, () => seen.push(['late', clock.now()]));
  clock.after(10, () => seen.push(['early', clock.now()]));
  await clock.advance(30);
  expect(seen).toEqual([
    ['early', 1_010],
    ['late', 1_020],
  ]);
  expect(clock.now()).toBe(1_030);
});

test('a callback set from a promise that a callback settles still runs in the same advance', async () => {
  const clock = createFakeClock();
  const seen: string[] = [];
  const wait = (delayMs: number) => new Promise<void>((resolve) => void clock.after(delayMs, resolve));
  void wait(5)
    .then(() => wait(5))
    .then(() => seen.push('second'));
  await clock.advance(10);
  expect(seen).toEqual(['second']);
});

test('a cancelled callback does not run', async () => {
  const clock = createFakeClock();
  const cancel = clock.after(5, () => expect.unreachable());
  cancel();
  await clock.advance(10);
  expect(clock.pendingCount()).toBe(0);
});
