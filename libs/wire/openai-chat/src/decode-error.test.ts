import { expect, it } from 'vitest';
import { readVendorError, retryAfterText, toFailure } from './decode-error.js';

function failed(body: unknown, status?: number): unknown {
  const told = readVendorError(body);
  return told && toFailure(told, status === undefined ? {} : { status }).data;
}

function error(fields: object): object {
  return { error: { message: 'because', ...fields } };
}

it.each([
  [
    400,
    error({ param: 'x', code: 'invalid_type' }),
    { code: 'invalid_request', message: 'because', param: 'x', reason: 'invalid_type', saw: 'refused' },
  ],
  [422, { detail: [{ loc: ['body'], msg: 'field required' }] }, { code: 'invalid_request', message: 'field required' }],
  [413, error({}), { code: 'too_large' }],
  [404, error({ code: 'model_not_found' }), { code: 'upstream_model_missing', reason: 'model_not_found' }],
  [
    404,
    error({ message: 'The model `x` does not exist or you do not have access to it.' }),
    { code: 'upstream_model_missing' },
  ],
  [
    400,
    error({ message: "Unsupported parameter: 'temperature' is not supported with this model." }),
    { code: 'invalid_request' },
  ],
  [400, error({ message: 'The model o9 has no ears: input_audio is not supported' }), { code: 'invalid_request' }],
  [404, error({ message: 'models/gemini-0 is not found for API version v1beta' }), { code: 'upstream_model_missing' }],
  [404, error({ message: 'no such file' }), { code: 'not_found' }],
  [400, error({ code: 'context_length_exceeded' }), { code: 'context_too_long' }],
  [400, error({ message: "This model's maximum context length is 8 tokens" }), { code: 'context_too_long' }],
  [400, error({ code: 'content_filter' }), { code: 'content_refused' }],
  [400, error({ message: 'API key not valid. Please pass a valid API key.' }), { code: 'upstream_auth' }],
  [
    401,
    error({ message: 'Incorrect API key provided: sk-ab**cd' }),
    { code: 'upstream_auth', message: expect.not.stringContaining('sk-') },
  ],
  [402, error({}), { code: 'upstream_quota_exhausted' }],
  [403, error({}), { code: 'upstream_forbidden' }],
  [403, error({ code: 'insufficient_quota' }), { code: 'upstream_quota_exhausted' }],
  [429, error({ code: 'insufficient_quota', type: 'insufficient_quota' }), { code: 'upstream_quota_exhausted' }],
  [
    429,
    error({ message: 'Please try again in 1.2s.' }),
    { code: 'upstream_rate_limited', retryAfterMs: 1200, saw: 'refused' },
  ],
  [408, error({}), { code: 'upstream_error', saw: 'unknown' }],
  [418, error({}), { code: 'upstream_error', saw: 'refused' }],
  [500, error({ message: 'model not found' }), { code: 'upstream_error', saw: 'unknown', upstreamStatus: 500 }],
  [500, error({ code: 'server_is_overloaded' }), { code: 'upstream_overloaded', saw: 'refused' }],
  [503, error({}), { code: 'upstream_overloaded' }],
  [
    529,
    { type: 'error', error: { type: 'overloaded_error', message: 'later' } },
    { code: 'upstream_overloaded', message: 'later' },
  ],
  [undefined, error({ type: 'authentication_error' }), { code: 'upstream_auth', upstreamStatus: 401 }],
  [undefined, error({ type: 'invalid_request_error' }), { code: 'invalid_request' }],
])('%s %j', (status, body, expected) => {
  expect(failed(body, status)).toMatchObject(expected);
});

it.each([[null], [[]], ['x'], [{}], [{ error: null }], [{ error: '' }], [{ choices: [], message: 'x', code: 1 }]])(
  '%j tells no failure',
  (body) => {
    expect(readVendorError(body)).toBeUndefined();
  },
);

it.each([
  ['Please try again in 350ms.', 350],
  ['try again in 1m2.5s.', 62_500],
  ['Please retry in 56.185908122s.', 56_186],
  ['Please try again in 20 seconds', 20_000],
  ['retry after 2 minutes', 120_000],
  ['try again later', undefined],
])('%s', (text, waitMs) => {
  expect(retryAfterText(text)).toBe(waitMs);
});
