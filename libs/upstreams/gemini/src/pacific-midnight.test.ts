import { expect, it } from 'vitest';
import { untilPacificMidnightMs } from './pacific-midnight.js';

const HOUR_MS = 60 * 60_000;

it.each([
  ['2026-01-15T07:59:59.500Z', 500],
  ['2026-01-15T08:00:00.000Z', 24 * HOUR_MS],
  ['2026-07-15T06:00:00.000Z', HOUR_MS],
])('at %s', (now, expected) => {
  expect(untilPacificMidnightMs(Date.parse(now))).toBe(expected);
});
