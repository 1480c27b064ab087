import { expect, test } from 'vitest';
import { countFailures, restartDelayMs } from './restart-delay.js';

test('starts again at once, then slower, and never waits longer than five seconds', () => {
  expect([1, 2, 3, 4, 7, 50].map(restartDelayMs)).toEqual([0, 200, 400, 800, 5_000, 5_000]);
});

test('forgets earlier failures after a good while', () => {
  expect(countFailures({ before: 6, livedMs: 9_999 })).toBe(7);
  expect(countFailures({ before: 6, livedMs: 10_000 })).toBe(1);
});
