import type { ErrorCode } from '@sluice/contracts/error-code';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { AttemptLimits } from '@sluice/domain-settings/ways-out';

/**
 * What can still be done about a failed attempt of an interactive generation of which nothing was sent yet.
 * `elsewhere`: with another credential, then at the next target. `again`: with any credential, the same included.
 * `next-target`: no credential of this target can help. `fail`: tell the client.
 */
export type Remedy = 'elsewhere' | 'again' | 'next-target' | 'fail';

const REMEDIES = {
  invalid_request: 'fail',
  unsupported: 'fail',
  model_not_found: 'fail',
  not_found: 'fail',
  method_not_allowed: 'fail',
  too_large: 'fail',
  unsupported_media_type: 'fail',
  context_too_long: 'fail',
  content_refused: 'fail',
  idempotency_mismatch: 'fail',
  idempotency_in_progress: 'fail',
  not_ready: 'fail',
  unauthenticated: 'fail',
  forbidden: 'fail',
  rate_limited: 'fail',
  quota_exhausted: 'fail',
  no_credential: 'next-target',
  overloaded: 'fail',
  unavailable: 'fail',
  draining: 'fail',
  deadline_exceeded: 'fail',
  cancelled: 'fail',
  internal: 'fail',
  upstream_auth: 'elsewhere',
  upstream_forbidden: 'elsewhere',
  upstream_rate_limited: 'elsewhere',
  upstream_quota_exhausted: 'elsewhere',
  upstream_overloaded: 'again',
  upstream_model_missing: 'next-target',
  upstream_error: 'again',
  // The client has waited long already, and the work may go on up there.
  upstream_timeout: 'fail',
  upstream_unreachable: 'again',
  upstream_bad_answer: 'again',
  upstream_interrupted: 'again',
  challenge_required: 'elsewhere',
  outcome_unknown: 'fail',
} as const satisfies Record<ErrorCode, Remedy>;

/** Attempts of one generation in all, the first included: a refused credential costs little, a failed call a lot. */
const USUAL_LIMITS: AttemptLimits = { elsewhere: 10, again: 3 };

/** The one table of retries. `hasOutput`: parts have reached the client, which cannot be taken back. */
export function remedyFor(
  error: ErrorData,
  progress: { attempt: number; hasOutput: boolean; limits?: AttemptLimits },
): Remedy {
  const remedy = REMEDIES[error.code];
  const { attempt, hasOutput, limits = USUAL_LIMITS } = progress;
  return hasOutput || attempt >= mostAttempts(remedy, limits) ? 'fail' : remedy;
}

function mostAttempts(remedy: Remedy, { elsewhere, again }: AttemptLimits): number {
  if (remedy === 'fail') return 1;
  return remedy === 'again' ? again : elsewhere;
}

/** One model rests, and the upstream told how long: the same request is served then, by this credential or another. */
export function isPassing({ code, scope, retryAfterMs = 0 }: ErrorData): boolean {
  return scope === 'model' && retryAfterMs > 0 && PASSING.has(code);
}

const PASSING: ReadonlySet<ErrorCode> = new Set(['upstream_rate_limited', 'upstream_quota_exhausted']);
const FIRST_PAUSE_MS = 100;

/** How long to wait before the next attempt at the same upstream; jittered, so that a crowd does not return as one. */
export function pauseBeforeRetryMs(attempt: number, random: () => number): number {
  return FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + random() / 2);
}
