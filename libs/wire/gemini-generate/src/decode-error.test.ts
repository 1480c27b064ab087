import { describe, expect, it } from 'vitest';
import { decodeError } from './decode-error.js';
import { toFailure } from './to-failure.js';

const RPC = 'type.googleapis.com/google.rpc.';
const info = (reason: string) => ({ '@type': `${RPC}ErrorInfo`, reason, domain: 'googleapis.com' });
const retry = (retryDelay: string) => ({ '@type': `${RPC}RetryInfo`, retryDelay });
const quota = (...violations: object[]) => ({ '@type': `${RPC}QuotaFailure`, violations });
const METRIC = 'generativelanguage.googleapis.com/generate_content_free_tier_requests';
const violation = (quotaId: string, quotaValue?: string) => ({
  quotaMetric: METRIC,
  quotaId,
  quotaDimensions: { model: 'gemini-2.5-pro' },
  ...(quotaValue !== undefined && { quotaValue }),
});
const MINUTE = violation('GenerateRequestsPerMinutePerProjectPerModel-FreeTier', '2');
const DAY = violation('GenerateRequestsPerDayPerProjectPerModel-FreeTier', '50');

function decode(code: number, status: string, message: string, details: object[] = []) {
  return decodeError({ status: code, body: { error: { code, message, status, details } } });
}

describe('the table of errors', () => {
  it.each([
    [400, 'INVALID_ARGUMENT', 'Invalid JSON payload received.', [], 'bad-request', 'invalid_request'],
    [
      400,
      'INVALID_ARGUMENT',
      'API key not valid. Please pass a valid API key.',
      [info('API_KEY_INVALID')],
      'key-invalid',
      'upstream_auth',
    ],
    [
      400,
      'INVALID_ARGUMENT',
      'API key expired. Please renew the API key.',
      [info('API_KEY_INVALID')],
      'key-expired',
      'upstream_auth',
    ],
    [400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.', [], 'region', 'upstream_forbidden'],
    [
      400,
      'INVALID_ARGUMENT',
      'The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).',
      [],
      'context-too-long',
      'context_too_long',
    ],
    [
      403,
      'PERMISSION_DENIED',
      "Method doesn't allow unregistered callers (callers without established identity).",
      [],
      'key-missing',
      'upstream_auth',
    ],
    [
      403,
      'PERMISSION_DENIED',
      "Permission denied: Consumer 'api_key:x' has been suspended.",
      [],
      'key-suspended',
      'upstream_auth',
    ],
    [
      403,
      'PERMISSION_DENIED',
      'Your API key was reported as leaked. Please use another API key.',
      [],
      'key-leaked',
      'upstream_auth',
    ],
    [
      403,
      'PERMISSION_DENIED',
      'Generative Language API has not been used in project 1.',
      [info('SERVICE_DISABLED')],
      'service-disabled',
      'upstream_forbidden',
    ],
    [403, 'PERMISSION_DENIED', 'No.', [], 'permission-denied', 'upstream_forbidden'],
    [
      404,
      'NOT_FOUND',
      'models/x is not found for API version v1beta, or is not supported for generateContent.',
      [],
      'model-missing',
      'upstream_model_missing',
    ],
    [404, 'NOT_FOUND', 'This model models/x is no longer available.', [], 'model-retired', 'upstream_model_missing'],
    [404, 'NOT_FOUND', 'Requested entity was not found.', [], 'not-found', 'not_found'],
    [
      429,
      'RESOURCE_EXHAUSTED',
      'Resource has been exhausted (e.g. check quota).',
      [],
      'rate-limit',
      'upstream_rate_limited',
    ],
    [
      429,
      'RESOURCE_EXHAUSTED',
      'You exceeded your current quota.',
      [quota(MINUTE), retry('56s')],
      'rate-limit',
      'upstream_rate_limited',
    ],
    [
      429,
      'RESOURCE_EXHAUSTED',
      'You exceeded your current quota.',
      [quota(MINUTE, DAY), retry('0s')],
      'daily-quota',
      'upstream_quota_exhausted',
    ],
    [
      429,
      'RESOURCE_EXHAUSTED',
      `* Quota exceeded for metric: ${METRIC}, limit: 0, model: x`,
      [quota(violation('A'))],
      'not-in-tier',
      'upstream_quota_exhausted',
    ],
    [429, 'RESOURCE_EXHAUSTED', 'Your prepayment credits are depleted.', [], 'billing', 'upstream_quota_exhausted'],
    [429, 'RESOURCE_EXHAUSTED', 'No capacity.', [info('MODEL_CAPACITY_EXHAUSTED')], 'capacity', 'upstream_overloaded'],
    [499, 'CANCELLED', 'Cancelled.', [], 'cancelled', 'upstream_error'],
    [500, 'INTERNAL', 'An internal error has occurred.', [], 'internal', 'upstream_error'],
    [503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.', [], 'overloaded', 'upstream_overloaded'],
    [504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.', [], 'deadline', 'upstream_timeout'],
  ])('%i %s: %s', (code, status, message, details, kind, ours) => {
    const failure = decode(code, status, message, details);
    expect(failure).toMatchObject({ kind, status: code, rpcStatus: status });
    expect(failure && toFailure(failure).code).toBe(ours);
  });
});

it("a key's fault is never told in Google's words, which can quote the key", () => {
  const failure = decode(403, 'PERMISSION_DENIED', "Permission denied: Consumer 'api_key:AIzaSyX' has been suspended.");
  expect(failure && toFailure(failure).message).not.toContain('AIza');
});

describe('the wait', () => {
  it.each([
    ['Please retry in 56.185908122s.', [retry('57s')], 56_186],
    ['Please retry in 964.972314ms.', [], 965],
    ['x', [retry('26s')], 26_000],
    ['x', [retry('0.539477544s')], 540],
    ['x', [], undefined],
  ])('%s %j', (message, details, expected) => {
    const failure = decode(429, 'RESOURCE_EXHAUSTED', message, details);
    expect(failure?.retryAfterMs).toBe(expected);
    expect(failure && toFailure(failure).data.retryAfterMs).toBe(expected);
  });

  it("of a day's limit is not passed on", () => {
    const failure = decode(429, 'RESOURCE_EXHAUSTED', 'x', [quota(DAY), retry('26s')]);
    expect(failure && toFailure(failure).data.retryAfterMs).toBeUndefined();
  });
});

it('each limit is read: its window, value and model', () => {
  expect(decode(429, 'RESOURCE_EXHAUSTED', 'x', [quota(MINUTE, violation('Other'))])?.violations).toEqual([
    { id: MINUTE.quotaId, metric: METRIC, limit: 2, model: 'gemini-2.5-pro', window: 'minute' },
    { id: 'Other', metric: METRIC, model: 'gemini-2.5-pro', window: 'unknown' },
  ]);
});

it('a field is named', () => {
  const details = [
    { '@type': `${RPC}BadRequest`, fieldViolations: [{ field: 'contents[0].parts', description: 'x' }] },
  ];
  const failure = decode(400, 'INVALID_ARGUMENT', 'Bad.', details);
  expect(failure && toFailure(failure).data.param).toBe('contents[0].parts');
});

it.each([
  [{ error: { code: 429, message: 'x', status: 'RESOURCE_EXHAUSTED' } }, 429],
  [[{ error: { code: 400, message: 'x', status: 'INVALID_ARGUMENT' } }], 400],
  [{ error: { message: 'x', status: 'UNAVAILABLE' } }, 503],
  [{ error: 'x' }, 500],
])('told with a 200: %j', (body, status) => {
  expect(decodeError({ status: 200, body })?.status).toBe(status);
});

it.each([[{ candidates: [] }], [{}], ['text'], [null], [[]]])('no failure: %j', (body) => {
  expect(decodeError({ status: 200, body })).toBeUndefined();
});

it.each(['<html>Bad gateway</html>', '', undefined])('a status without an error object: %s', (body) => {
  expect(decodeError({ status: 502, body })).toMatchObject({
    kind: 'internal',
    message: 'The upstream answered with status 502.',
  });
});
