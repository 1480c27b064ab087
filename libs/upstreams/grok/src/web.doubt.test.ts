import { toGatewayError } from '@sluice/contracts/gateway-error';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { chat } from './grok.chat.js';

const json = (body: object, status = 200): FakeAnswer => ({ status, pieces: [JSON.stringify(body)] });
const LIMITED = json({ error: { code: 8, message: 'rate limited', details: [] } }, 429);
const OVER = json({ error: { code: 16, message: 'bad-credentials', details: [] } }, 401);
const quota = (remaining: number, waitTimeSeconds = 0) =>
  json({
    windowSizeSeconds: 72_000,
    remainingTokens: remaining,
    totalTokens: 80,
    lowEffortRateLimits: { cost: 1, remainingQueries: remaining, waitTimeSeconds: remaining < 1 ? waitTimeSeconds : 0 },
    highEffortRateLimits: { cost: 4, remainingQueries: Math.floor(remaining / 4), waitTimeSeconds },
  });

async function failureOf(answers: FakeAnswer[], model = 'grok-4') {
  const http = createFakeHttp(...answers);
  const context = createSessionContext({ http, model });
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }];
  try {
    for await (const _ of chat({ model, messages }, context));
  } catch (thrown) {
    const { code, data } = toGatewayError(thrown);
    return {
      code,
      retryAfterMs: data.retryAfterMs,
      scope: data.scope,
      status: data.upstreamStatus,
      calls: http.requests,
    };
  }
  throw new Error('it did not fail');
}

describe('a 429', () => {
  it('rests until the quota’s own end, and no longer', async () => {
    const failure = await failureOf([LIMITED, quota(0, 90)]);
    expect(failure).toMatchObject({ code: 'upstream_quota_exhausted', retryAfterMs: 90_000, status: 429 });
    expect(failure.scope).toBeUndefined();
    expect(failure.calls.at(-1)?.url).toBe('https://grok.com/rest/rate-limits');
  });

  it('is a throttle where there is something left', async () => {
    const failure = await failureOf([LIMITED, quota(40)]);
    expect(failure).toMatchObject({ code: 'upstream_rate_limited', retryAfterMs: undefined });
  });

  it('is of one model where that takes more than is left', async () => {
    const failure = await failureOf([LIMITED, quota(3, 60)], 'grok-4.1-expert');
    expect(failure).toMatchObject({ code: 'upstream_quota_exhausted', retryAfterMs: 60_000, scope: 'model' });
  });

  it('stays what it was where nobody tells the quota', async () => {
    expect(await failureOf([LIMITED, json({}, 500)])).toMatchObject({ code: 'upstream_rate_limited', status: 429 });
  });
});

describe('a session', () => {
  it('is over when it is refused twice', async () => {
    expect(await failureOf([OVER, OVER])).toMatchObject({ code: 'upstream_auth', status: 401 });
  });

  it('that is refused once goes on', async () => {
    expect(await failureOf([OVER, quota(40)])).toMatchObject({ code: 'upstream_error' });
  });

  it('of a blocked account is not asked twice', async () => {
    const blocked = json({ code: 7, message: 'User is blocked: [WKE=unauthorized:blocked-user]', details: [] }, 403);
    const failure = await failureOf([blocked]);
    expect(failure).toMatchObject({ code: 'upstream_auth' });
    expect(failure.calls).toHaveLength(1);
  });
});
