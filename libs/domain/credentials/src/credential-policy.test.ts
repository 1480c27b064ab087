import { expect, it } from 'vitest';
import { coolDownFor } from './credential-policy.js';

const MINUTE_MS = 60_000;

it.each([
  'anti_bot',
  'challenge_page',
  'way_out_limited',
  'unsupported_country_code',
  'proof_of_work',
  'proof_of_work_unsolved',
])('what is refused for %s rests a minute, however often: it is no fault of the account', (reason) => {
  const rule = coolDownFor({ code: 'challenge_required', reason });
  expect(rule).toMatchObject({ type: 'cool-down', state: 'degraded', baseMs: MINUTE_MS, maximumMs: MINUTE_MS });
});

it('what its owner has to mend is not tried with it again and again', () => {
  const rule = coolDownFor({ code: 'upstream_forbidden', reason: 'phone_number_required' });
  expect(rule).toMatchObject({ type: 'quarantine', state: 'auth_failed', threshold: 1 });
  expect(coolDownFor({ code: 'upstream_forbidden' })).toMatchObject({ state: 'degraded', threshold: 5 });
});
