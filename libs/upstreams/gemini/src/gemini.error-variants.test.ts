import { systemClock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { chat } from './gemini.chat.js';
import { models } from './gemini.models.js';

/** What Google, its older versions and relays in front of it make of the same errors. */

const NOW_MS = Date.parse('2026-07-01T18:00:00.000Z');
const TILL_MIDNIGHT_MS = 13 * 60 * 60_000;
const RPC = 'type.googleapis.com/google.rpc.';
const METRIC = 'generativelanguage.googleapis.com/generate_content_free_tier_requests';
const request = {
  model: 'alias',
  messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }],
};
const clock = { ...systemClock, now: () => NOW_MS };

async function failureOf(run: () => Promise<unknown>): Promise<GatewayError['data']> {
  try {
    await run();
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown.data;
    throw thrown;
  }
  throw new Error('no failure');
}

function fails(answer: FakeAnswer, isStreamed = true): Promise<GatewayError['data']> {
  const context = createTestContext({ http: createFakeHttp(answer), isStreamed, clock });
  return failureOf(async () => {
    for await (const _ of chat(request, context));
  });
}

const told = (error: object) => JSON.stringify({ error });
const limited = (message: string, details?: unknown) =>
  told({ code: 429, message, status: 'RESOURCE_EXHAUSTED', ...(details !== undefined && { details }) });
const violation = (quotaId: string, more: object = {}) => ({
  quotaMetric: METRIC,
  quotaId,
  quotaDimensions: { location: 'global', model: 'm' },
  ...more,
});
const quotaFailure = (...violations: object[]) => ({ '@type': `${RPC}QuotaFailure`, violations });
const retryInfo = (retryDelay: unknown) => ({ '@type': `${RPC}RetryInfo`, retryDelay });
const PER_MINUTE = 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier';
const PER_DAY = 'GenerateRequestsPerDayPerProjectPerModel-FreeTier';
const OF_DAY = { code: 'upstream_quota_exhausted', retryAfterMs: TILL_MIDNIGHT_MS, scope: 'model' };

describe('the same error, wherever it stands', () => {
  const error = limited('You exceeded your current quota.', [quotaFailure(violation(PER_DAY))]);
  const FORMS: [string, FakeAnswer][] = [
    ['as an object', { status: 429, pieces: [error] }],
    ['as a list of one', { status: 429, pieces: [`[${error}]`] }],
    [
      'indented, with a line break at its end',
      { status: 429, pieces: [`${JSON.stringify(JSON.parse(error), null, 2)}\n`] },
    ],
    ['as an event', { status: 429, pieces: [`data: ${error}\r\n\r\n`] }],
    ['as a named event', { status: 429, pieces: [`event: error\ndata: [${error}]\n\n`] }],
    ['with a 200', { pieces: [error] }],
    ['with a 200, as a list', { pieces: [`[${error}\n]`] }],
    ['with a 200, as an event', { pieces: [`data: ${error}\n\n`] }],
    ['with a 200, as an event of a list', { pieces: [`data: [${error}]\n\n`] }],
    ['with a 200, in pieces', { pieces: ['da', 'ta: ', ...(error.match(/.{1,9}/gs) ?? []), '\n', '\n'] }],
  ];
  it.each(FORMS)('%s', async (_form, answer) => {
    expect(await fails(answer)).toMatchObject(OF_DAY);
  });

  it('without a code, or with one in quotes, it is known by its status', async () => {
    for (const code of [undefined, '429', 8])
      expect(await fails({ pieces: [told({ code, message: 'x', status: 'RESOURCE_EXHAUSTED' })] })).toMatchObject({
        code: 'upstream_rate_limited',
      });
  });

  it('in place of the list of models it is no list', async () => {
    const http = createFakeHttp({
      pieces: [told({ code: 400, message: 'API key expired. Please renew the API key.' })],
    });
    expect(await failureOf(() => models(createTestContext({ http, clock })))).toMatchObject({ code: 'upstream_auth' });
  });
});

describe('the wait', () => {
  it.each([
    ['x', retryInfo('0.539477544s'), 540],
    ['x', retryInfo('26s'), 26_000],
    ['x', retryInfo({ seconds: '26', nanos: 500_000_000 }), 26_500],
    ['x', retryInfo({ nanos: 1_000_000 }), 1],
    ['Please retry in 964.972314ms.', retryInfo('0s'), 965],
    ['Please retry in 56.185908122s.', retryInfo('56s'), 56_186],
    ['Please retry in 1m16.5s.', retryInfo('76s'), 76_500],
    ['Please retry in 2h0m1s.', undefined, 7_201_000],
    ['x', retryInfo('soon'), 60_000],
    ['x', retryInfo('-3s'), 60_000],
    ['x', undefined, 60_000],
  ])('%s %j', async (message, info, waitMs) => {
    const details = [quotaFailure(violation(PER_MINUTE)), ...(info ? [info] : [])];
    expect(await fails({ status: 429, pieces: [limited(message, details)] })).toMatchObject({
      code: 'upstream_rate_limited',
      retryAfterMs: waitMs,
      scope: 'model',
    });
  });

  it('of a header counts where the body tells none', async () => {
    const answer = { status: 429, headers: { 'retry-after': '7' }, pieces: ['Too Many Requests'] };
    expect(await fails(answer)).toMatchObject({ code: 'upstream_rate_limited', retryAfterMs: 7_000 });
  });
});

describe('several limits', () => {
  it.each([
    ['in one detail', [quotaFailure(violation(PER_MINUTE), violation(PER_DAY)), retryInfo('0s')]],
    ['in two details', [quotaFailure(violation(PER_MINUTE)), quotaFailure(violation(PER_DAY)), retryInfo('12s')]],
    ['without their list', { ...quotaFailure(), violations: violation(PER_DAY) }],
    ['a paid one', [quotaFailure(violation('GenerateRequestsPerDayPerProjectPerModel', { quotaValue: 250 }))]],
  ])('the day decides: %s', async (_form, details) => {
    expect(await fails({ status: 429, pieces: [limited('x', details)] })).toMatchObject(OF_DAY);
  });

  it('one of 0 decides more, wherever its number stands', async () => {
    const bodies = [
      limited('x', [quotaFailure(violation(PER_DAY, { quotaValue: '0' }), violation(PER_MINUTE))]),
      limited(`x\n* Quota exceeded for metric: ${METRIC}, limit: 0, model: m\n`, [quotaFailure(violation(PER_DAY))]),
      limited(`x\n* Quota exceeded for metric: ${METRIC}, limit: 0, model: m\nPlease retry in 5s.`),
    ];
    for (const body of bodies)
      expect(await fails({ status: 429, pieces: [body] })).toMatchObject({
        code: 'upstream_forbidden',
        scope: 'model',
      });
  });

  it('one whose number is missing or empty is no limit of 0', async () => {
    for (const quotaValue of [undefined, '', null])
      expect(
        await fails({ status: 429, pieces: [limited('x', [quotaFailure(violation(PER_DAY, { quotaValue }))])] }),
      ).toMatchObject(OF_DAY);
  });
});

describe('limits as they were told before', () => {
  it('by the reason and its words', async () => {
    const reason = (quota: string) => ({
      '@type': `${RPC}ErrorInfo`,
      reason: 'RATE_LIMIT_EXCEEDED',
      metadata: { quota_limit: quota, quota_limit_value: '60', quota_metric: METRIC },
    });
    const day = limited('x', [reason('GenerateContentRequestsPerDayPerProject')]);
    expect(await fails({ status: 429, pieces: [day] })).toMatchObject({ code: 'upstream_quota_exhausted' });
    const minute = limited('x', [reason('GenerateContentRequestsPerMinutePerProjectPerRegion')]);
    expect(await fails({ status: 429, pieces: [minute] })).toMatchObject({ retryAfterMs: 60_000 });
  });

  it('by the message alone', async () => {
    const words = (unit: string) =>
      `Quota exceeded for quota metric 'Generate requests' and limit 'Request limit per ${unit}' of service 'x'.`;
    expect(await fails({ status: 429, pieces: [limited(words('day'))] })).toMatchObject({
      code: 'upstream_quota_exhausted',
      retryAfterMs: TILL_MIDNIGHT_MS,
    });
    expect(await fails({ status: 429, pieces: [limited(words('minute'))] })).toMatchObject({ retryAfterMs: 60_000 });
  });

  it('money that is used up is no limit that is over in a moment', async () => {
    for (const message of [
      'Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.',
      'Your project has exceeded its monthly spending cap.',
    ])
      expect(await fails({ status: 429, pieces: [limited(message)] })).toMatchObject({
        code: 'upstream_quota_exhausted',
      });
  });
});

describe('without any detail', () => {
  it.each([
    [400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', 'upstream_auth'],
    [400, 'INVALID_ARGUMENT', 'API Key not found. Please pass a valid API key.', 'upstream_auth'],
    [400, 'INVALID_ARGUMENT', 'API key expired. Please renew the API key.', 'upstream_auth'],
    [401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.', 'upstream_auth'],
    [403, 'PERMISSION_DENIED', "Permission denied: Consumer 'api_key:AIzaX' has been suspended.", 'upstream_auth'],
    [403, 'PERMISSION_DENIED', 'Your API key was reported as leaked. Please use another API key.', 'upstream_auth'],
    [403, 'PERMISSION_DENIED', 'The caller does not have permission', 'upstream_forbidden'],
    [
      400,
      'FAILED_PRECONDITION',
      'User location is not supported for the API use without a billing account linked.',
      'upstream_forbidden',
    ],
    [
      400,
      'FAILED_PRECONDITION',
      'Gemini API free tier is not available in your country. Please enable billing on your project in Google AI Studio.',
      'upstream_forbidden',
    ],
    [
      404,
      'NOT_FOUND',
      'Publisher Model `publishers/google/models/x` was not found or your project does not have access to it.',
      'upstream_model_missing',
    ],
    [
      404,
      'NOT_FOUND',
      'This model models/x is no longer available to new users. Please update your code to use a newer model.',
      'upstream_model_missing',
    ],
    [499, 'CANCELLED', 'The operation was cancelled.', 'upstream_error'],
    [
      503,
      'UNAVAILABLE',
      'This model is currently experiencing high demand. Spikes in demand are usually temporary.',
      'upstream_overloaded',
    ],
    [504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.', 'upstream_timeout'],
  ])('%d %s: %s', async (code, status, message, expected) => {
    for (const body of [told({ code, message, status }), `[${told({ code, message, status, details: [] })}]`]) {
      const failure = await fails({ status: code, pieces: [body] });
      expect(failure.code).toBe(expected);
      expect(failure.message).not.toContain('AIza');
    }
  });
});
