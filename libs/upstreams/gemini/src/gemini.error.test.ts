import { systemClock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { createErrorBody, createErrorInfo, createQuotaBody } from './create-error-body.js';
import { createTestContext } from './create-test-context.js';
import { chat } from './gemini.chat.js';

/** 11:00 in California, summer time: 13 hours before midnight. */
const NOW_MS = Date.parse('2026-07-01T18:00:00.000Z');
const TILL_MIDNIGHT_MS = 13 * 60 * 60_000;
const PER_MINUTE = 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier';
const PER_DAY = 'GenerateRequestsPerDayPerProjectPerModel-FreeTier';
const TOKENS = 'GenerateContentInputTokensPerModelPerMinute-FreeTier';
const request = {
  model: 'alias',
  messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }],
};

async function fails(answer: FakeAnswer, isStreamed = true): Promise<GatewayError['data']> {
  const clock = { ...systemClock, now: () => NOW_MS };
  const context = createTestContext({ http: createFakeHttp(answer), isStreamed, clock });
  try {
    for await (const _ of chat(request, context));
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown.data;
    throw thrown;
  }
  throw new Error('no failure');
}

function refusal(code: number, status: string, told: { message: string; reason?: string }): FakeAnswer {
  const { message, reason } = told;
  const details = reason === undefined ? {} : { details: [createErrorInfo(reason)] };
  return { status: code, pieces: [createErrorBody({ code, status, message, ...details })] };
}

function quota(told: Parameters<typeof createQuotaBody>[0]): FakeAnswer {
  return { status: 429, pieces: [createQuotaBody(told)] };
}

describe('the request is at fault, never the key', () => {
  it('a bad payload, with its field', async () => {
    const field = { field: 'generation_config.top_p', description: 'bad' };
    const details = [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [field] }];
    const body = createErrorBody({ code: 400, status: 'INVALID_ARGUMENT', message: 'bad top_p', details });
    expect(await fails({ status: 400, pieces: [body] })).toMatchObject({
      code: 'invalid_request',
      message: 'bad top_p',
      param: 'generation_config.top_p',
      saw: 'refused',
    });
  });

  it.each([
    'models/x is not found for API version v1beta, or is not supported for generateContent.',
    'This model models/x is no longer available.',
  ])('a model that is missing or retired: %s', async (message) => {
    expect(await fails(refusal(404, 'NOT_FOUND', { message }))).toMatchObject({ code: 'upstream_model_missing' });
  });
});

describe('the key is at fault', () => {
  it.each([
    ['invalid', 400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', 'API_KEY_INVALID'],
    ['expired', 400, 'INVALID_ARGUMENT', 'API key expired. Please renew the API key.', 'API_KEY_INVALID'],
    [
      'suspended',
      403,
      'PERMISSION_DENIED',
      "Permission denied: Consumer 'api_key:x' has been suspended.",
      'CONSUMER_SUSPENDED',
    ],
    ['leaked', 403, 'PERMISSION_DENIED', 'Your API key was reported as leaked. Please use another API key.', undefined],
    ['missing', 403, 'PERMISSION_DENIED', "Method doesn't allow unregistered callers.", undefined],
  ])('%s', async (_name, code, status, message, reason) => {
    const failure = await fails(refusal(code, status, { message, ...(reason !== undefined && { reason }) }));
    expect(failure).toMatchObject({ code: 'upstream_auth', saw: 'refused' });
  });

  it.each(['SERVICE_DISABLED', 'API_KEY_SERVICE_BLOCKED'])('or may not use the service: %s', async (reason) => {
    const failure = await fails(refusal(403, 'PERMISSION_DENIED', { message: 'no', reason }));
    expect(failure).toMatchObject({ code: 'upstream_forbidden' });
  });
});

it('a region that is not served is neither the request nor the key', async () => {
  const message = 'User location is not supported for the API use.';
  expect(await fails(refusal(400, 'FAILED_PRECONDITION', { message }))).toMatchObject({
    code: 'upstream_forbidden',
    message: expect.stringContaining('region'),
  });
});

describe('limits', () => {
  it('per minute: the exact wait of the message before the rounded one of RetryInfo', async () => {
    const told = { quotaIds: [PER_MINUTE], delay: '56s', exactDelay: '56.185908122s' };
    expect(await fails(quota(told))).toMatchObject({ code: 'upstream_rate_limited', retryAfterMs: 56_186 });
    expect(await fails(quota({ quotaIds: [PER_MINUTE], exactDelay: '964.972314ms' }))).toMatchObject({
      retryAfterMs: 965,
    });
  });

  it.each([{}, { delay: '0s' }])('per minute without a wait that helps: a minute (%o)', async (told) => {
    expect(await fails(quota({ quotaIds: [PER_MINUTE], ...told }))).toMatchObject({ retryAfterMs: 60_000 });
  });

  it('per day: till midnight in California, whatever RetryInfo says', async () => {
    for (const delay of ['0s', '26s'])
      expect(await fails(quota({ quotaIds: [PER_DAY], delay }))).toMatchObject({
        code: 'upstream_quota_exhausted',
        retryAfterMs: TILL_MIDNIGHT_MS,
      });
  });

  it('several at once: the day decides', async () => {
    expect(await fails(quota({ quotaIds: [TOKENS, PER_MINUTE, PER_DAY], delay: '12s' }))).toMatchObject({
      code: 'upstream_quota_exhausted',
      retryAfterMs: TILL_MIDNIGHT_MS,
    });
  });

  it('of 0: the model is not for this account, which is well', async () => {
    const failure = await fails(quota({ quotaIds: [PER_DAY], limit: 0, delay: '0s' }));
    expect(failure).toMatchObject({ code: 'upstream_forbidden', scope: 'model' });
    expect(failure).not.toHaveProperty('retryAfterMs');
  });

  it('are of the model, unless Google says that they are of the account', async () => {
    expect(await fails(quota({ quotaIds: [TOKENS, PER_DAY] }))).toHaveProperty('scope', 'model');
    expect(await fails(quota({ quotaIds: [PER_MINUTE] }))).toHaveProperty('scope', 'model');
    expect(await fails(refusal(429, 'RESOURCE_EXHAUSTED', { message: 'no' }))).not.toHaveProperty('scope');
  });

  it('without any detail', async () => {
    const failure = await fails(
      refusal(429, 'RESOURCE_EXHAUSTED', { message: 'Resource has been exhausted (e.g. check quota).' }),
    );
    expect(failure).toMatchObject({ code: 'upstream_rate_limited' });
    expect(failure).not.toHaveProperty('retryAfterMs');
  });

  it('of the model and not of the account', async () => {
    const told = { message: 'No capacity', reason: 'MODEL_CAPACITY_EXHAUSTED' };
    expect(await fails(refusal(429, 'RESOURCE_EXHAUSTED', told))).toMatchObject({
      code: 'upstream_overloaded',
      scope: 'model',
    });
  });
});

describe('the upstream is at fault', () => {
  it('overloaded', async () => {
    const failure = await fails(
      refusal(503, 'UNAVAILABLE', { message: 'The model is overloaded. Please try again later.' }),
    );
    expect(failure).toMatchObject({ code: 'upstream_overloaded', saw: 'refused', scope: 'model' });
    expect(failure).not.toHaveProperty('retryAfterMs');
  });

  it('an internal error, and a deadline of its own', async () => {
    expect(await fails(refusal(500, 'INTERNAL', { message: 'An internal error has occurred.' }))).toMatchObject({
      code: 'upstream_error',
      saw: 'unknown',
    });
    expect(await fails(refusal(504, 'DEADLINE_EXCEEDED', { message: 'Deadline expired.' }))).toMatchObject({
      code: 'upstream_timeout',
    });
  });

  it.each([true, false])('200 with an error (streamed: %s)', async (isStreamed) => {
    const pieces = [createQuotaBody({ quotaIds: [PER_DAY], delay: '0s' })];
    const expected = { code: 'upstream_quota_exhausted', retryAfterMs: TILL_MIDNIGHT_MS };
    expect(await fails({ pieces }, isStreamed)).toMatchObject(expected);
    expect(await fails({ pieces: [`[${pieces[0]}]`] }, isStreamed)).toMatchObject(expected);
    if (isStreamed) expect(await fails({ pieces: [`data: ${pieces[0]}\r\n\r\n`] })).toMatchObject(expected);
  });

  it('a stream that ends without a finishReason, or with an error in the middle', async () => {
    const event = 'data: {"candidates":[{"content":{"parts":[{"text":"a"}]}}]}\r\n\r\n';
    expect(await fails({ pieces: [event] })).toMatchObject({ code: 'upstream_interrupted', saw: 'unknown' });
    const body = createErrorBody({ code: 503, status: 'UNAVAILABLE', message: 'The model is overloaded.' });
    expect(await fails({ pieces: [event, body] })).toMatchObject({ code: 'upstream_overloaded', saw: 'unknown' });
  });

  it('a web page, or an address where the API is not', async () => {
    expect(await fails({ status: 502, pieces: ['<html>nginx</html>'] })).toMatchObject({ code: 'upstream_error' });
    expect(await fails({ status: 404, pieces: ['<html>404</html>'] })).toMatchObject({
      code: 'upstream_error',
      message: expect.stringContaining('base URL'),
    });
    expect(await fails({ status: 404, pieces: ['404 page not found'] })).toMatchObject({
      code: 'upstream_error',
      message: expect.stringContaining('base URL'),
    });
  });
});
