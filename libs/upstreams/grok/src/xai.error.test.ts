import { createFakeHttp } from '@sluice/upstream-kit/fake-http';
import { expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { toXaiFailure } from './xai.error.js';

async function told(status: number, body: string | object) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const http = createFakeHttp({ status, pieces: [text] });
  const { signal } = createTestContext({ http });
  const response = await http.request({ method: 'GET', url: 'http://upstream.test', signal });
  return (await toXaiFailure(response, 0)).data;
}

const TEAM = 'Your team 0f has';

it.each([
  [
    400,
    {
      code: 'Client specified an invalid argument',
      error: 'Incorrect API key provided: xa***jU. You can obtain an API key from https://console.x.ai.',
    },
    { code: 'upstream_auth' },
  ],
  [400, { code: 'invalid-argument', error: 'temperature must be at most 2' }, { code: 'invalid_request' }],
  [401, { code: 'unauthenticated:no-credentials', error: 'No credentials presented.' }, { code: 'upstream_auth' }],
  [
    403,
    { code: 'permission-denied', error: `${TEAM} used all available credits or reached its monthly spending limit.` },
    { code: 'upstream_quota_exhausted', retryAfterMs: 3_600_000 },
  ],
  [
    403,
    { code: 'permission-denied', error: 'Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO' },
    { code: 'content_refused' },
  ],
  [
    403,
    { code: 'permission-denied', error: 'The caller does not have permission to execute the specified operation' },
    { code: 'upstream_forbidden' },
  ],
  [
    404,
    { code: 'not-found', error: 'The model grok-9 does not exist or your team 0f has no access to it.' },
    { code: 'upstream_model_missing' },
  ],
  [
    410,
    { code: 'gone', error: 'Live search is deprecated. Please switch to the Agent Tools API.' },
    { code: 'unsupported' },
  ],
  [422, { code: 'invalid-argument', error: 'messages: field required' }, { code: 'invalid_request' }],
  [
    429,
    {
      code: 'resource-exhausted',
      error:
        "Too many requests for team 0f and model grok-4.5. Your team's rate limit is — Requests per Minute (actual/limit): 61/60. Resets in: 3m 4s",
    },
    { code: 'upstream_rate_limited', retryAfterMs: 184_000, scope: 'model' },
  ],
  [
    429,
    { code: 'subscription:free-usage-exhausted', error: 'You have used up your free credits.' },
    { code: 'upstream_quota_exhausted' },
  ],
  [500, { code: 'internal', error: 'Something broke.' }, { code: 'upstream_error', saw: 'unknown' }],
  [503, '<html>busy</html>', { code: 'upstream_overloaded' }],
] as const)('%i %j', async (status, body, expected) => {
  expect(await told(status, body)).toMatchObject(expected);
});

it('says nothing of the key in the words of a refused one', async () => {
  const { message } = await told(400, { code: 'x', error: 'Incorrect API key provided: xa***jU.' });
  expect(message).not.toContain('xa***');
});
