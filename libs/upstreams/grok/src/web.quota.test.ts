import { createFakeHttp } from '@sluice/upstream-kit/fake-http';
import { expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { decodeQuota, webProbe } from './web.quota.js';

const OLDER = {
  windowSizeSeconds: 72_000,
  remainingTokens: 79,
  totalTokens: 80,
  lowEffortRateLimits: { cost: 1, remainingQueries: 79, waitTimeSeconds: 0 },
  highEffortRateLimits: { cost: 4, remainingQueries: 19, waitTimeSeconds: 0 },
};
const NEWER = {
  windowSizeSeconds: 7_200,
  remainingQueries: 0,
  totalQueries: 20,
  waitTimeSeconds: 600,
  lowEffortRateLimits: null,
  highEffortRateLimits: null,
};

it('reads both shapes of what is left', () => {
  expect(decodeQuota(OLDER)).toEqual({
    remaining: 79,
    total: 80,
    windowMs: 72_000_000,
    waitMs: undefined,
    highCost: 4,
  });
  expect(decodeQuota(NEWER)).toEqual({
    remaining: 0,
    total: 20,
    windowMs: 7_200_000,
    waitMs: 600_000,
    highWaitMs: 600_000,
    highCost: undefined,
  });
  expect(decodeQuota({ other: true })).toBeUndefined();
});

it('tells of an account what is left, and when it has some again', async () => {
  const http = createFakeHttp({ pieces: [JSON.stringify(OLDER)] }, { pieces: [JSON.stringify(NEWER)] });
  const clock = { now: () => 1_000, after: () => () => {} };
  expect(await webProbe(createSessionContext({ http, clock }))).toEqual({
    isUsable: true,
    quotas: [
      { name: '*', remaining: 79, resetAtMs: 72_001_000 },
      { name: 'chat grok-4-heavy', remaining: 0, resetAtMs: 601_000 },
    ],
  });
});

it('tells a session that is over, and blames nobody for a challenge', async () => {
  const refusal = { status: 401, pieces: ['{"error":{"code":16,"message":"bad-credentials"}}'] };
  const over = createFakeHttp(refusal, refusal);
  expect(await webProbe(createSessionContext({ http: over }))).toMatchObject({ isUsable: false });
  const once = createFakeHttp(refusal, { pieces: [JSON.stringify(OLDER)] }, { pieces: [JSON.stringify(OLDER)] });
  expect(await webProbe(createSessionContext({ http: once }))).toMatchObject({ isUsable: true });
  const challenged = createFakeHttp({ status: 403, pieces: ['<html>Just a moment...</html>'] });
  await expect(webProbe(createSessionContext({ http: challenged }))).rejects.toMatchObject({
    code: 'challenge_required',
  });
});
