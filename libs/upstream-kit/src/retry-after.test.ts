import { expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.js';

const NOW_MS = Date.parse('2026-11-21T00:00:00Z');

it.each([
  [{}, undefined],
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after': '1.5' }, 1500],
  [{ 'retry-after': '2', 'retry-after-ms': '350' }, 350],
  [{ 'retry-after': 'Sat, 21 Nov 2026 00:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Fri, 20 Nov 2026 00:00:30 GMT' }, 0],
  [{ 'retry-after': '-5' }, 0],
  [{ 'retry-after': '99999999' }, 86_400_000],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '' }, undefined],
])('%j', (headers, waitMs) => {
  expect(retryAfterMs(headers, NOW_MS)).toBe(waitMs);
});
