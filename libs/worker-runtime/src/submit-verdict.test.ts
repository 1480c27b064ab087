import { ERROR_CODES } from '@sluice/contracts/error-code';
import { expect, it } from 'vitest';
import { isHopeless, pauseBeforeSubmitMs, verdictOf } from './submit-verdict.js';

const error = (code: (typeof ERROR_CODES)[number], saw?: 'nothing' | 'refused' | 'unknown') => ({
  code,
  message: '',
  ...(saw && { saw }),
});

it.each(ERROR_CODES)('%s after which nobody knows what the upstream saw is looked up, whatever it says', (code) => {
  expect(verdictOf(error(code, 'unknown'))).toBe('unknown');
});

it.each([
  ['upstream_unreachable', 'nothing', 'later'],
  ['upstream_overloaded', 'refused', 'later'],
  ['upstream_auth', 'refused', 'elsewhere'],
  ['upstream_rate_limited', undefined, 'elsewhere'],
  ['upstream_model_missing', 'refused', 'next-target'],
  ['content_refused', undefined, 'fail'],
  ['upstream_error', undefined, 'unknown'],
  ['upstream_overloaded', undefined, 'unknown'],
  ['upstream_timeout', undefined, 'unknown'],
] as const)('%s, of which the upstream saw %s: %s', (code, saw, verdict) => {
  expect(verdictOf(error(code, saw))).toBe(verdict);
});

it('what passes is waited for; what does not is told after a few tries', () => {
  expect(isHopeless(error('upstream_rate_limited'), 1_000)).toBe(false);
  expect(isHopeless(error('upstream_forbidden'), 4)).toBe(false);
  expect(isHopeless(error('upstream_forbidden'), 5)).toBe(true);
});

it('pauses grow to a minute', () => {
  expect([1, 3, 20].map((attempt) => pauseBeforeSubmitMs(attempt, () => 1))).toEqual([2_000, 8_000, 60_000]);
});
