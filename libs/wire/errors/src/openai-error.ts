import type { ErrorCode } from '@sluice/contracts/error-code';
import { errorHeaders, type CallerRetry } from './error-headers.js';
import type { EncodeError } from './error-shape.js';

/** OpenAI's error object; all four members are required by its schema. */
export const encodeOpenaiError: EncodeError = (error, { requestId }) => {
  const row = OPENAI_ERRORS[error.code];
  return {
    status: row.status,
    headers: errorHeaders(error, { requestId, retry: row.retry ?? 'allowed' }),
    body: {
      error: { message: error.message, type: row.type, param: error.param ?? null, code: error.reason ?? row.code },
    },
  };
};

interface Row {
  status: number;
  type: string;
  code: string | null;
  retry?: CallerRetry;
}

const INVALID = 'invalid_request_error';
const SERVER = 'server_error';
const UNAVAILABLE = 'service_unavailable_error';
const RATE_LIMIT = 'rate_limit_error';

/** An upstream that refuses our account is our failure: a caller told 401 would throw its own good key away. */
const OPENAI_ERRORS = {
  invalid_request: { status: 400, type: INVALID, code: null },
  unsupported: { status: 400, type: INVALID, code: 'unsupported_parameter' },
  model_not_found: { status: 404, type: INVALID, code: 'model_not_found' },
  not_found: { status: 404, type: INVALID, code: null },
  method_not_allowed: { status: 405, type: INVALID, code: 'method_not_allowed' },
  too_large: { status: 413, type: INVALID, code: 'request_too_large' },
  unsupported_media_type: { status: 415, type: INVALID, code: 'unsupported_media_type' },
  context_too_long: { status: 400, type: INVALID, code: 'context_length_exceeded' },
  content_refused: { status: 400, type: INVALID, code: 'content_policy_violation' },
  idempotency_mismatch: { status: 422, type: INVALID, code: 'idempotency_key_reuse' },
  idempotency_in_progress: { status: 409, type: INVALID, code: 'idempotency_in_progress', retry: 'never' },
  not_ready: { status: 409, type: INVALID, code: 'not_ready', retry: 'never' },
  unauthenticated: { status: 401, type: INVALID, code: 'invalid_api_key' },
  forbidden: { status: 403, type: INVALID, code: 'permission_denied' },
  rate_limited: { status: 429, type: RATE_LIMIT, code: 'rate_limit_exceeded' },
  quota_exhausted: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota', retry: 'never' },
  no_credential: { status: 503, type: UNAVAILABLE, code: 'no_credential' },
  overloaded: { status: 503, type: UNAVAILABLE, code: 'server_is_overloaded' },
  unavailable: { status: 503, type: UNAVAILABLE, code: 'service_unavailable' },
  draining: { status: 503, type: UNAVAILABLE, code: 'draining' },
  deadline_exceeded: { status: 504, type: SERVER, code: 'deadline_exceeded' },
  cancelled: { status: 499, type: INVALID, code: 'cancelled' },
  internal: { status: 500, type: SERVER, code: 'internal_error' },
  upstream_auth: { status: 502, type: SERVER, code: 'upstream_auth', retry: 'never' },
  upstream_forbidden: { status: 502, type: SERVER, code: 'upstream_forbidden', retry: 'never' },
  upstream_rate_limited: { status: 429, type: RATE_LIMIT, code: 'rate_limit_exceeded' },
  upstream_quota_exhausted: { status: 503, type: UNAVAILABLE, code: 'upstream_quota_exhausted', retry: 'never' },
  upstream_overloaded: { status: 503, type: UNAVAILABLE, code: 'server_is_overloaded' },
  upstream_model_missing: { status: 404, type: INVALID, code: 'model_not_found' },
  upstream_error: { status: 502, type: SERVER, code: 'upstream_error' },
  upstream_timeout: { status: 504, type: SERVER, code: 'upstream_timeout' },
  upstream_unreachable: { status: 502, type: SERVER, code: 'upstream_unreachable' },
  upstream_bad_answer: { status: 502, type: SERVER, code: 'upstream_bad_answer' },
  upstream_interrupted: { status: 502, type: SERVER, code: 'upstream_interrupted' },
  challenge_required: { status: 503, type: UNAVAILABLE, code: 'challenge_required' },
  // Trying again could make, and pay for, the same thing twice.
  outcome_unknown: { status: 502, type: SERVER, code: 'outcome_unknown', retry: 'never' },
} satisfies Record<ErrorCode, Row> as Record<ErrorCode, Row>;
