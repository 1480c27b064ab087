import type { ErrorCode } from '@sluice/contracts/error-code';
import { errorHeaders, type CallerRetry } from './error-headers.js';
import type { EncodeError } from './error-shape.js';

/** Anthropic's error object. Its clients read the request's id from `request-id` and from the body. */
export const encodeAnthropicError: EncodeError = (error, { requestId }) => {
  const row = ANTHROPIC_ERRORS[error.code];
  const headers = errorHeaders(error, { requestId, retry: row.retry ?? 'allowed' });
  return {
    status: row.status,
    headers: { ...headers, 'request-id': requestId },
    body: { type: 'error', error: { type: row.type, message: error.message }, request_id: requestId },
  };
};

type AnthropicErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'billing_error'
  | 'permission_error'
  | 'not_found_error'
  | 'conflict_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'api_error'
  | 'timeout_error'
  | 'overloaded_error';

interface Row {
  status: number;
  type: AnthropicErrorType;
  retry?: CallerRetry;
}

const ANTHROPIC_ERRORS = {
  invalid_request: { status: 400, type: 'invalid_request_error' },
  unsupported: { status: 400, type: 'invalid_request_error' },
  model_not_found: { status: 404, type: 'not_found_error' },
  not_found: { status: 404, type: 'not_found_error' },
  method_not_allowed: { status: 405, type: 'invalid_request_error' },
  too_large: { status: 413, type: 'request_too_large' },
  unsupported_media_type: { status: 415, type: 'invalid_request_error' },
  context_too_long: { status: 400, type: 'invalid_request_error' },
  content_refused: { status: 400, type: 'invalid_request_error' },
  idempotency_mismatch: { status: 422, type: 'invalid_request_error' },
  idempotency_in_progress: { status: 409, type: 'conflict_error', retry: 'never' },
  not_ready: { status: 409, type: 'conflict_error', retry: 'never' },
  unauthenticated: { status: 401, type: 'authentication_error' },
  forbidden: { status: 403, type: 'permission_error' },
  rate_limited: { status: 429, type: 'rate_limit_error' },
  quota_exhausted: { status: 402, type: 'billing_error' },
  no_credential: { status: 529, type: 'overloaded_error' },
  overloaded: { status: 529, type: 'overloaded_error' },
  unavailable: { status: 529, type: 'overloaded_error' },
  draining: { status: 529, type: 'overloaded_error' },
  deadline_exceeded: { status: 504, type: 'timeout_error' },
  cancelled: { status: 499, type: 'api_error' },
  internal: { status: 500, type: 'api_error' },
  upstream_auth: { status: 502, type: 'api_error', retry: 'never' },
  upstream_forbidden: { status: 502, type: 'api_error', retry: 'never' },
  upstream_rate_limited: { status: 429, type: 'rate_limit_error' },
  upstream_quota_exhausted: { status: 503, type: 'api_error', retry: 'never' },
  upstream_overloaded: { status: 529, type: 'overloaded_error' },
  upstream_model_missing: { status: 404, type: 'not_found_error' },
  upstream_error: { status: 502, type: 'api_error' },
  upstream_timeout: { status: 504, type: 'timeout_error' },
  upstream_unreachable: { status: 502, type: 'api_error' },
  upstream_bad_answer: { status: 502, type: 'api_error' },
  upstream_interrupted: { status: 502, type: 'api_error' },
  challenge_required: { status: 503, type: 'api_error' },
  outcome_unknown: { status: 502, type: 'api_error', retry: 'never' },
} satisfies Record<ErrorCode, Row> as Record<ErrorCode, Row>;
