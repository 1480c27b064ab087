import type { ErrorCode } from '@sluice/contracts/error-code';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import { errorHeaders, type CallerRetry } from './error-headers.js';
import type { EncodeError } from './error-shape.js';

/** Google's `rpc.Status` in JSON. Its clients read the waiting time and the field at fault from the details. */
export const encodeGoogleError: EncodeError = (error, { requestId }) => {
  const row = GOOGLE_ERRORS[error.code];
  const retry = row.retry ?? 'allowed';
  const details = [...errorInfo(error), ...badRequest(error), ...retryInfo(error, retry), requestInfo(requestId)];
  return {
    status: row.status,
    headers: errorHeaders(error, { requestId, retry }),
    body: {
      error: { code: row.status, message: error.message, status: row.rpc, details },
    },
  };
};

function errorInfo(error: ErrorData): object[] {
  const reason = error.reason?.toUpperCase() ?? (error.code === 'unauthenticated' ? 'API_KEY_INVALID' : undefined);
  return reason === undefined
    ? []
    : [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'sluice' }];
}

function badRequest({ param, message }: ErrorData): object[] {
  if (param === undefined) return [];
  const fieldViolations = [{ field: param, description: message }];
  return [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations }];
}

/** Google's SDK shows the body of a failure and no header of it. */
function requestInfo(requestId: string): object {
  return { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId };
}

function retryInfo(error: ErrorData, retry: CallerRetry): object[] {
  if (error.retryAfterMs === undefined || retry === 'never') return [];
  return [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${error.retryAfterMs / 1000}s` }];
}

type RpcStatus =
  | 'INVALID_ARGUMENT'
  | 'FAILED_PRECONDITION'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'NOT_FOUND'
  | 'ABORTED'
  | 'RESOURCE_EXHAUSTED'
  | 'CANCELLED'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'DEADLINE_EXCEEDED';

interface Row {
  status: number;
  rpc: RpcStatus;
  retry?: CallerRetry;
}

const GOOGLE_ERRORS = {
  invalid_request: { status: 400, rpc: 'INVALID_ARGUMENT' },
  unsupported: { status: 400, rpc: 'INVALID_ARGUMENT' },
  model_not_found: { status: 404, rpc: 'NOT_FOUND' },
  not_found: { status: 404, rpc: 'NOT_FOUND' },
  method_not_allowed: { status: 405, rpc: 'UNIMPLEMENTED' },
  too_large: { status: 413, rpc: 'INVALID_ARGUMENT' },
  unsupported_media_type: { status: 415, rpc: 'INVALID_ARGUMENT' },
  context_too_long: { status: 400, rpc: 'INVALID_ARGUMENT' },
  content_refused: { status: 400, rpc: 'FAILED_PRECONDITION' },
  idempotency_mismatch: { status: 422, rpc: 'INVALID_ARGUMENT' },
  idempotency_in_progress: { status: 409, rpc: 'ABORTED', retry: 'never' },
  not_ready: { status: 409, rpc: 'FAILED_PRECONDITION', retry: 'never' },
  unauthenticated: { status: 401, rpc: 'UNAUTHENTICATED' },
  forbidden: { status: 403, rpc: 'PERMISSION_DENIED' },
  rate_limited: { status: 429, rpc: 'RESOURCE_EXHAUSTED' },
  quota_exhausted: { status: 429, rpc: 'RESOURCE_EXHAUSTED', retry: 'never' },
  no_credential: { status: 503, rpc: 'UNAVAILABLE' },
  overloaded: { status: 503, rpc: 'UNAVAILABLE' },
  unavailable: { status: 503, rpc: 'UNAVAILABLE' },
  draining: { status: 503, rpc: 'UNAVAILABLE' },
  deadline_exceeded: { status: 504, rpc: 'DEADLINE_EXCEEDED' },
  cancelled: { status: 499, rpc: 'CANCELLED' },
  internal: { status: 500, rpc: 'INTERNAL' },
  upstream_auth: { status: 502, rpc: 'UNAVAILABLE', retry: 'never' },
  upstream_forbidden: { status: 502, rpc: 'UNAVAILABLE', retry: 'never' },
  upstream_rate_limited: { status: 429, rpc: 'RESOURCE_EXHAUSTED' },
  upstream_quota_exhausted: { status: 503, rpc: 'UNAVAILABLE', retry: 'never' },
  upstream_overloaded: { status: 503, rpc: 'UNAVAILABLE' },
  upstream_model_missing: { status: 404, rpc: 'NOT_FOUND' },
  upstream_error: { status: 502, rpc: 'INTERNAL' },
  upstream_timeout: { status: 504, rpc: 'DEADLINE_EXCEEDED' },
  upstream_unreachable: { status: 502, rpc: 'UNAVAILABLE' },
  upstream_bad_answer: { status: 502, rpc: 'INTERNAL' },
  upstream_interrupted: { status: 502, rpc: 'INTERNAL' },
  challenge_required: { status: 503, rpc: 'UNAVAILABLE' },
  outcome_unknown: { status: 502, rpc: 'INTERNAL', retry: 'never' },
} satisfies Record<ErrorCode, Row> as Record<ErrorCode, Row>;
