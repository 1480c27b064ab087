import { expect, test } from 'vitest';
import { remedyFor } from './retry-policy.js';

const LIMITS = { elsewhere: 4, again: 1 };
const FAILED = { code: 'upstream_error', message: '' } as const;
const REFUSED = { code: 'upstream_rate_limited', message: '' } as const;
const WRONG = { code: 'invalid_request', message: '' } as const;

test.each([
  [REFUSED, 3, 'elsewhere'],
  [REFUSED, 4, 'fail'],
  [FAILED, 1, 'fail'],
  [WRONG, 1, 'fail'],
] as const)('%j after %i attempts, as the operator limits them: %s', (error, attempt, remedy) => {
  expect(remedyFor(error, { attempt, hasOutput: false, limits: LIMITS })).toBe(remedy);
});

test('without an operator: ten and three; never after something was told', () => {
  expect(remedyFor(REFUSED, { attempt: 9, hasOutput: false })).toBe('elsewhere');
  expect(remedyFor(FAILED, { attempt: 2, hasOutput: false })).toBe('again');
  expect(remedyFor(FAILED, { attempt: 3, hasOutput: false })).toBe('fail');
  expect(remedyFor(REFUSED, { attempt: 1, hasOutput: true, limits: LIMITS })).toBe('fail');
});
