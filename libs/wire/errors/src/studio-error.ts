import type { ErrorCode } from '@sluice/contracts/error-code';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import { errorHeaders, type CallerRetry } from './error-headers.js';
import type { EncodeError } from './error-shape.js';

/** The studio's error: a text to be shown, a code to branch on, and in `details` the field at fault. */
export const encodeStudioError: EncodeError = (error, { requestId }) => {
  const row = rowOf(error);
  return {
    status: row.status,
    headers: errorHeaders(error, { requestId, retry: row.retry ?? 'allowed' }),
    body: {
      error: error.message,
      code: row.code,
      ...(error.param !== undefined && { details: [{ field: error.param, message: error.message }] }),
    },
  };
};

interface Row {
  status: number;
  code: string;
  retry?: CallerRetry;
}

/** Finer causes that the front end has a code of its own for. */
const REASONS: Readonly<Record<string, Row>> = {
  EMAIL_EXISTS: { status: 409, code: 'EMAIL_EXISTS', retry: 'never' },
  INVALID_CREDENTIALS: { status: 401, code: 'INVALID_CREDENTIALS' },
  TOO_MANY_JOBS: { status: 429, code: 'TOO_MANY_JOBS' },
  QUOTA_EXCEEDED: { status: 429, code: 'QUOTA_EXCEEDED' },
};

function rowOf({ code, reason }: ErrorData): Row {
  return (reason !== undefined && Object.hasOwn(REASONS, reason) && REASONS[reason]) || STUDIO_ERRORS[code];
}

const UPSTREAM: Row = { status: 502, code: 'UPSTREAM_ERROR' };
const BUSY: Row = { status: 503, code: 'SERVICE_UNAVAILABLE' };
const INVALID: Row = { status: 400, code: 'VALIDATION_ERROR' };

const STUDIO_ERRORS = {
  invalid_request: INVALID,
  unsupported: INVALID,
  model_not_found: { status: 404, code: 'NOT_FOUND' },
  not_found: { status: 404, code: 'NOT_FOUND' },
  method_not_allowed: { status: 405, code: 'METHOD_NOT_ALLOWED' },
  too_large: { status: 413, code: 'VALIDATION_ERROR' },
  unsupported_media_type: { status: 415, code: 'VALIDATION_ERROR' },
  context_too_long: INVALID,
  content_refused: { status: 400, code: 'CONTENT_REFUSED' },
  idempotency_mismatch: { status: 422, code: 'VALIDATION_ERROR' },
  idempotency_in_progress: { status: 409, code: 'CONFLICT', retry: 'never' },
  not_ready: { status: 409, code: 'CONFLICT', retry: 'never' },
  unauthenticated: { status: 401, code: 'UNAUTHORIZED' },
  forbidden: { status: 403, code: 'FORBIDDEN' },
  rate_limited: { status: 429, code: 'RATE_LIMITED' },
  quota_exhausted: { status: 429, code: 'QUOTA_EXCEEDED' },
  no_credential: BUSY,
  overloaded: BUSY,
  unavailable: BUSY,
  draining: BUSY,
  deadline_exceeded: { status: 504, code: 'TIMEOUT' },
  cancelled: { status: 499, code: 'CANCELLED' },
  internal: { status: 500, code: 'INTERNAL_ERROR' },
  upstream_auth: { ...UPSTREAM, retry: 'never' },
  upstream_forbidden: { ...UPSTREAM, retry: 'never' },
  upstream_rate_limited: { status: 429, code: 'RATE_LIMITED' },
  upstream_quota_exhausted: { ...BUSY, retry: 'never' },
  upstream_overloaded: BUSY,
  upstream_model_missing: UPSTREAM,
  upstream_error: UPSTREAM,
  upstream_timeout: { status: 504, code: 'TIMEOUT' },
  upstream_unreachable: UPSTREAM,
  upstream_bad_answer: UPSTREAM,
  upstream_interrupted: UPSTREAM,
  challenge_required: BUSY,
  // Trying again could make, and pay for, the same thing twice.
  outcome_unknown: { ...UPSTREAM, retry: 'never' },
} satisfies Record<ErrorCode, Row> as Record<ErrorCode, Row>;
