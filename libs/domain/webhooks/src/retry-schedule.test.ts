import { expect, it } from 'vitest';
import { RETRY_DELAYS_MS, retryDelayMs } from './retry-schedule.js';

const random = () => 0;
const HOUR_MS = 3_600_000;

it('goes on for more than three days, and then no more', () => {
  expect(RETRY_DELAYS_MS.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThan(72 * HOUR_MS);
  expect(RETRY_DELAYS_MS.map((_, index) => retryDelayMs({ failures: index + 1 }, { random }))).toEqual(RETRY_DELAYS_MS);
  expect(retryDelayMs({ failures: RETRY_DELAYS_MS.length + 1 })).toBeUndefined();
});

it('is spread, never early', () => {
  expect(retryDelayMs({ failures: 1 }, { random: () => 1 })).toBe(6_000);
  expect(retryDelayMs({ failures: 1 })).toBeGreaterThanOrEqual(5_000);
});

it('slows down for those who say so, within a day', () => {
  expect(retryDelayMs({ failures: 1, status: 429 }, { random })).toBe(10_000);
  expect(retryDelayMs({ failures: 1, status: 500 }, { random })).toBe(5_000);
  expect(retryDelayMs({ failures: 1, status: 503, retryAfterMs: 60_000 }, { random })).toBe(60_000);
  expect(retryDelayMs({ failures: 1, status: 503, retryAfterMs: 99 * HOUR_MS }, { random })).toBe(24 * HOUR_MS);
});
