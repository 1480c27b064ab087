import { ERROR_CODES } from '@sluice/contracts/error-code';
import { describe, expect, it } from 'vitest';
import { encodeAnthropicError } from './anthropic-error.js';
import type { EncodeError } from './error-shape.js';
import { encodeGoogleError } from './google-error.js';
import { encodeOpenaiError } from './openai-error.js';
import { encodeStudioError } from './studio-error.js';

const FAMILIES: Record<string, EncodeError> = {
  openai: encodeOpenaiError,
  anthropic: encodeAnthropicError,
  google: encodeGoogleError,
  studio: encodeStudioError,
};
const context = { requestId: 'req_1' };

describe.each(Object.entries(FAMILIES))('%s', (_family, encode) => {
  it.each(ERROR_CODES)('%s has an error status and the message', (code) => {
    const reply = encode({ code, message: 'because' }, context);
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(600);
    expect(JSON.stringify(reply.body)).toContain('because');
    expect(reply.headers['x-request-id']).toBe('req_1');
  });

  it.each(['upstream_auth', 'upstream_forbidden', 'upstream_quota_exhausted', 'no_credential'] as const)(
    '%s is our failure',
    (code) => {
      expect(encode({ code, message: '' }, context).status).toBeGreaterThanOrEqual(500);
    },
  );

  it('tells whole seconds, at least one, and the exact wait beside them', () => {
    const { headers } = encode({ code: 'rate_limited', message: '', retryAfterMs: 20 }, context);
    expect(headers).toMatchObject({ 'retry-after': '1', 'retry-after-ms': '20' });
    expect(encode({ code: 'overloaded', message: '', retryAfterMs: 0 }, context).headers['retry-after']).toBe('1');
    expect(encode({ code: 'overloaded', message: '', retryAfterMs: 1001 }, context).headers['retry-after']).toBe('2');
  });

  it.each(['idempotency_in_progress', 'upstream_auth', 'outcome_unknown'] as const)(
    '%s is not to be tried again',
    (code) => {
      const { headers } = encode({ code, message: '', retryAfterMs: 5000 }, context);
      expect(headers['x-should-retry']).toBe('false');
      expect(headers).not.toHaveProperty('retry-after');
    },
  );
});

it('has all four members of an OpenAI error', () => {
  expect(encodeOpenaiError({ code: 'not_found', message: 'm' }, context).body).toEqual({
    error: { message: 'm', type: 'invalid_request_error', param: null, code: null },
  });
  const error = { code: 'invalid_request', message: 'm', param: 'messages', reason: 'invalid_type' } as const;
  expect(encodeOpenaiError(error, context).body).toEqual({
    error: { message: 'm', type: 'invalid_request_error', param: 'messages', code: 'invalid_type' },
  });
});

it("tells an Anthropic caller the request's id in the body and in its own header", () => {
  const { body, headers } = encodeAnthropicError({ code: 'unauthenticated', message: 'm' }, context);
  expect(body).toEqual({ type: 'error', error: { type: 'authentication_error', message: 'm' }, request_id: 'req_1' });
  expect(headers['request-id']).toBe('req_1');
});

it('tells a Google caller its wait, the field at fault and the request in the details', () => {
  const error = { code: 'rate_limited', message: 'm', retryAfterMs: 1500, param: 'tools' } as const;
  expect(encodeGoogleError(error, context).body).toEqual({
    error: {
      code: 429,
      message: 'm',
      status: 'RESOURCE_EXHAUSTED',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'tools', description: 'm' }],
        },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' },
        { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: context.requestId },
      ],
    },
  });
});

it("tells the studio's front end a code of its own, and the field at fault", () => {
  const wrong = { code: 'invalid_request', message: 'm', param: 'prompt', reason: 'invalid_type' } as const;
  expect(encodeStudioError(wrong, context)).toMatchObject({
    status: 400,
    body: { error: 'm', code: 'VALIDATION_ERROR', details: [{ field: 'prompt', message: 'm' }] },
  });
  const taken = { code: 'invalid_request', message: 'm', param: 'email', reason: 'EMAIL_EXISTS' } as const;
  expect(encodeStudioError(taken, context)).toMatchObject({ status: 409, body: { code: 'EMAIL_EXISTS' } });
  expect(encodeStudioError({ code: 'not_found', message: 'm' }, context).body).toEqual({
    error: 'm',
    code: 'NOT_FOUND',
  });
});
