import { toGatewayError } from '@sluice/contracts/gateway-error';
import { coolDownFor } from '@sluice/domain-credentials/credential-policy';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { WebCredential } from '@sluice/upstream-sora/sora.credential';
import { createWebVideo } from '@sluice/upstream-sora/web.video';
import { isPassing, verdictOf } from '@sluice/worker-runtime/submit-verdict';
import { describe, expect, it } from 'vitest';

// What each answer of the site means for the account and for the job, through the tables of the runtime.
const job = createWebVideo({ solve: () => Promise.resolve('c29sdmVk') });
const SENTINEL: FakeAnswer = { pieces: ['{"token":"c","proofofwork":{"required":false}}'] };
const PAGE = ['<!doctype html><html><title>Just a moment...</title></html>'];

const said = (status: number, error: object, more: object = {}): FakeAnswer => ({
  status,
  pieces: [JSON.stringify({ error: { message: 'no', type: 'invalid_request_error', param: null, ...error }, ...more })],
});

async function consequenceOf(answer: FakeAnswer) {
  // A proof that is refused is asked for once more.
  const http = createFakeHttp(SENTINEL, answer, SENTINEL, answer);
  const account: AccountContext<WebCredential> = {
    credential: { accessToken: 'at' },
    credentialId: 'c',
    kind: 'session',
    baseUrl: 'http://site.test/sora',
    http,
    clock: { now: () => 0, after: () => () => undefined },
    signal: new AbortController().signal,
  };
  const context = { ...account, model: 'sora-2', isStreamed: true, generationId: 'gen_1', readMedia: unread };
  try {
    for await (const step of job.start({ model: 'm', prompt: 'a cat' }, context)) expect(step).toBeUndefined();
  } catch (thrown) {
    const { data } = toGatewayError(thrown);
    const pause = coolDownFor(data);
    const told = data.retryAfterMs === undefined ? {} : { restsMs: data.retryAfterMs };
    const isPaused = pause !== undefined && pause.threshold === 1;
    return {
      code: data.code,
      account: isPaused ? `${pause.type} ${pause.state}` : 'kept',
      job: verdictOf(data),
      ...(isPassing(data) && { waits: true }),
      ...told,
    };
  }
  throw new Error('nothing failed');
}

async function* unread(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array();
}

const AUTH = { code: 'upstream_auth', account: 'quarantine auth_failed', job: 'elsewhere', waits: true };
const WAY = { code: 'challenge_required', account: 'cool-down degraded', job: 'elsewhere', waits: true };
const REFUSED = { code: 'content_refused', account: 'kept', job: 'fail' };
const LOADED = { code: 'upstream_overloaded', account: 'kept', job: 'later', waits: true };

describe('an answer to a submission', () => {
  it.each<[string, FakeAnswer, object]>([
    ['401 token_invalidated', said(401, { code: 'token_invalidated' }), AUTH],
    ['401 token_expired', said(401, { code: 'token_expired' }), AUTH],
    ['401 of a bad token', said(401, { message: 'Could not parse your authentication token.' }), AUTH],
    ['400 sentinel_block', said(400, { code: 'sentinel_block' }), WAY],
    [
      '400 invalid_request of the proof',
      said(400, { code: 'invalid_request', message: 'Unable to process request' }),
      WAY,
    ],
    ['400 invalid_request, hmmm', said(400, { message: "Hmmm something didn't look right with your request" }), WAY],
    [
      '400 phone_number_required',
      said(400, { code: 'phone_number_required' }),
      { code: 'upstream_forbidden', account: 'quarantine auth_failed', job: 'elsewhere' },
    ],
    ['400 unsupported_country_code', said(400, { code: 'unsupported_country_code', param: 'country' }), WAY],
    ['403 unsupported_country_code', said(403, { code: 'unsupported_country_code', param: 'country' }), WAY],
    ['400 of a person', said(400, { message: 'The image may depict a realistic human.' }), REFUSED],
    ['400 of policy', said(400, { message: 'This prompt may violate our content policies.' }), REFUSED],
    ['400 moderation_blocked', said(400, { code: 'moderation_blocked' }), REFUSED],
    [
      '400 of 25 seconds',
      said(400, { message: 'Videos of 25s are not allowed for this account.' }),
      { code: 'unsupported', account: 'kept', job: 'next-target' },
    ],
    [
      '429 too_many_concurrent_tasks',
      said(429, {
        code: 'too_many_concurrent_tasks',
        message: 'You already have 3 generations in progress',
        details: { num_tasks: 3 },
      }),
      {
        code: 'upstream_rate_limited',
        account: 'cool-down rate_limited',
        job: 'elsewhere',
        waits: true,
        restsMs: 5_000,
      },
    ],
    ...[true, false].map((isInside): [string, FakeAnswer, object] => {
      const told = { rate_limit_and_credit_balance: { credit_remaining: 0, access_resets_in_seconds: 90 } };
      const error = { type: 'rate_limit_exhausted', ...(isInside && told) };
      return [
        `429 rate_limit_exhausted, balance ${isInside ? 'in' : 'beside'} the error`,
        said(429, error, isInside ? {} : told),
        {
          code: 'upstream_quota_exhausted',
          account: 'cool-down quota_exhausted',
          job: 'elsewhere',
          waits: true,
          restsMs: 90_000,
        },
      ];
    }),
    ['429 of a page', { status: 429, pieces: PAGE }, WAY],
    ['403 of a page', { status: 403, pieces: PAGE }, WAY],
    ['500 heavy_load', said(500, { code: 'heavy_load' }), LOADED],
    ['503 heavy_load', said(503, { type: 'heavy_load' }), LOADED],
    ['400 of load', said(400, { message: "We're under heavy load, please try again later." }), LOADED],
    ['a lost answer', { pieces: ['{"id"'] }, { code: 'upstream_bad_answer', account: 'kept', job: 'unknown' }],
    ['500', said(500, {}), { code: 'upstream_error', account: 'kept', job: 'unknown' }],
  ])('%s', async (_name, answer, consequence) => {
    expect(await consequenceOf(answer)).toEqual(consequence);
  });
});
