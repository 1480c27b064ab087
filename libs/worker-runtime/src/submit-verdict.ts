import type { ErrorCode } from '@sluice/contracts/error-code';
import type { ErrorData } from '@sluice/contracts/gateway-error';

/**
 * What a failed submission means. `fail`: the request is at fault. `elsewhere`: with another credential. `later`: with any,
 * after a pause. `next-target`: no credential of this target can help. `unknown`: it may have been taken; it is looked up
 * before anything else.
 */
export type SubmitVerdict = 'fail' | 'elsewhere' | 'later' | 'next-target' | 'unknown';

/** THE table for what the upstream plainly refused, or cannot have seen. */
const VERDICTS = {
  invalid_request: 'fail',
  unsupported: 'next-target',
  model_not_found: 'next-target',
  not_found: 'fail',
  not_ready: 'fail',
  method_not_allowed: 'fail',
  too_large: 'fail',
  unsupported_media_type: 'fail',
  context_too_long: 'fail',
  content_refused: 'fail',
  idempotency_mismatch: 'fail',
  idempotency_in_progress: 'unknown',
  unauthenticated: 'fail',
  forbidden: 'fail',
  rate_limited: 'later',
  quota_exhausted: 'later',
  no_credential: 'next-target',
  overloaded: 'later',
  unavailable: 'later',
  draining: 'later',
  deadline_exceeded: 'later',
  cancelled: 'later',
  internal: 'fail',
  upstream_auth: 'elsewhere',
  upstream_forbidden: 'elsewhere',
  upstream_rate_limited: 'elsewhere',
  upstream_quota_exhausted: 'elsewhere',
  upstream_overloaded: 'later',
  upstream_model_missing: 'next-target',
  upstream_error: 'later',
  upstream_timeout: 'later',
  upstream_unreachable: 'later',
  upstream_bad_answer: 'later',
  upstream_interrupted: 'later',
  challenge_required: 'elsewhere',
  outcome_unknown: 'unknown',
} as const satisfies Record<ErrorCode, SubmitVerdict>;

/** Codes that are a refusal by themselves, where the adapter does not say what the upstream saw. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'invalid_request',
  'unsupported',
  'model_not_found',
  'not_found',
  'method_not_allowed',
  'too_large',
  'unsupported_media_type',
  'context_too_long',
  'content_refused',
  'upstream_auth',
  'upstream_forbidden',
  'upstream_rate_limited',
  'upstream_quota_exhausted',
  'upstream_model_missing',
  'challenge_required',
]);

/** What comes of a submission that ended without an operation. */
export function verdictOf(error: ErrorData): SubmitVerdict {
  if (error.saw === 'nothing' || error.saw === 'refused') return VERDICTS[error.code];
  return error.saw === undefined && REFUSALS.has(error.code) ? VERDICTS[error.code] : 'unknown';
}

/** What passes by itself, sooner or later: waited for until the deadline, at the pool's and the pauses' pace. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'rate_limited',
  'quota_exhausted',
  'overloaded',
  'unavailable',
  'draining',
  'deadline_exceeded',
  'cancelled',
  'upstream_auth',
  'upstream_rate_limited',
  'upstream_quota_exhausted',
  'upstream_overloaded',
  'upstream_unreachable',
  'challenge_required',
]);
/** Where the operator says nothing. */
const MOST_ATTEMPTS = 5;

/** Whether it may be served later, as it is. */
export function isPassing({ code }: ErrorData): boolean {
  return PASSING.has(code);
}

/** Whether a refusal that has come so often shall be told rather than tried again. */
export function isHopeless(error: ErrorData, attempt: number, mostAttempts = MOST_ATTEMPTS): boolean {
  return attempt >= mostAttempts && !isPassing(error);
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** Before a submission that cost nothing is made again; jittered, so that a crowd does not return as one. */
export function pauseBeforeSubmitMs(attempt: number, random: () => number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempt, 10), LONGEST_PAUSE_MS) * (0.5 + random() / 2);
}
