import type { CredentialState } from '@sluice/contracts/credential';
import type { ErrorCode } from '@sluice/contracts/error-code';
import type { ErrorData } from '@sluice/contracts/gateway-error';

/** A pause with a known or guessed end: doubled with each failure in a row, unless the upstream told how long. */
export interface CoolDown {
  type: 'cool-down' | 'quarantine';
  state: Extract<CredentialState, 'rate_limited' | 'quota_exhausted' | 'auth_failed' | 'degraded'>;
  /** The first pause. */
  baseMs: number;
  /** No pause is longer, whatever the upstream says. */
  maximumMs: number;
  /** Where the upstream says nothing, none is longer than this. */
  longestGuessMs?: number;
  /** Failures in a row before the first pause. */
  threshold: number;
  /** Rests only as long as the upstream told, and not at all where it told nothing. */
  onlyWhenTold?: true;
}

/**
 * What a failure means for the credential it happened with. `keep`: nothing, the request or the upstream was at fault.
 * `cool-down`: it is fine, and has to rest. `quarantine`: it is refused as such, and is looked at again now and then.
 * `refresh`: its session has run out; where it cannot be refreshed, it is quarantined as `otherwise` says.
 */
export type CredentialReaction = { type: 'keep' } | CoolDown | { type: 'refresh'; otherwise: CoolDown };

const KEEP: CredentialReaction = { type: 'keep' };
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Not in the account's tier: that changes when somebody pays. */
const MODEL_FORBIDDEN: CoolDown = {
  type: 'cool-down',
  state: 'degraded',
  baseMs: 10 * MINUTE_MS,
  maximumMs: 24 * HOUR_MS,
  threshold: 1,
};

/** Our way out is refused, whoever asks: it rests a while with every account that met it, and none is the worse for it. */
const WAY_REFUSED: CoolDown = {
  type: 'cool-down',
  state: 'degraded',
  baseMs: MINUTE_MS,
  maximumMs: MINUTE_MS,
  threshold: 1,
};
/** What sites say of ways out, of countries and of our proofs of work: of no account. */
const WAY_REFUSED_REASONS: ReadonlySet<string> = new Set([
  'anti_bot',
  'challenge_page',
  'way_out_limited',
  'unsupported_country_code',
  'proof_of_work',
  'proof_of_work_unsolved',
]);

/** Only its owner can mend it: a probe looks whether that was done. */
const OWNER_WANTED: CoolDown = {
  type: 'quarantine',
  state: 'auth_failed',
  baseMs: 5 * MINUTE_MS,
  maximumMs: HOUR_MS,
  threshold: 1,
};
const OWNER_WANTED_REASON = 'phone_number_required';

/** THE table: every code has its line. A 5xx or a network fault never takes a credential out by itself. */
export const CREDENTIAL_POLICY: Record<ErrorCode, CredentialReaction> = {
  invalid_request: KEEP,
  unsupported: KEEP,
  model_not_found: KEEP,
  not_found: KEEP,
  method_not_allowed: KEEP,
  too_large: KEEP,
  unsupported_media_type: KEEP,
  context_too_long: KEEP,
  content_refused: KEEP,
  idempotency_mismatch: KEEP,
  idempotency_in_progress: KEEP,
  not_ready: KEEP,
  unauthenticated: KEEP,
  forbidden: KEEP,
  rate_limited: KEEP,
  quota_exhausted: KEEP,
  no_credential: KEEP,
  overloaded: KEEP,
  unavailable: KEEP,
  draining: KEEP,
  deadline_exceeded: KEEP,
  cancelled: KEEP,
  internal: KEEP,
  upstream_auth: {
    type: 'refresh',
    // Probed soon and then ever more rarely: what was mended at the upstream is back within a minute, mostly.
    otherwise: {
      type: 'quarantine',
      state: 'auth_failed',
      baseMs: 5 * SECOND_MS,
      maximumMs: 5 * MINUTE_MS,
      threshold: 1,
    },
  },
  // A 403 is often about the one request or model; only a row of them without a success speaks against the account.
  upstream_forbidden: { type: 'cool-down', state: 'degraded', baseMs: MINUTE_MS, maximumMs: HOUR_MS, threshold: 5 },
  upstream_rate_limited: {
    type: 'cool-down',
    state: 'rate_limited',
    baseMs: SECOND_MS,
    maximumMs: HOUR_MS,
    threshold: 1,
  },
  upstream_quota_exhausted: {
    type: 'cool-down',
    state: 'quota_exhausted',
    baseMs: 15 * SECOND_MS,
    maximumMs: 31 * 24 * HOUR_MS,
    longestGuessMs: HOUR_MS,
    threshold: 1,
  },
  upstream_overloaded: {
    type: 'cool-down',
    state: 'degraded',
    baseMs: 0,
    maximumMs: MINUTE_MS,
    threshold: 1,
    onlyWhenTold: true,
  },
  upstream_model_missing: KEEP,
  upstream_error: KEEP,
  upstream_timeout: KEEP,
  upstream_unreachable: KEEP,
  upstream_bad_answer: KEEP,
  upstream_interrupted: KEEP,
  challenge_required: { type: 'cool-down', state: 'degraded', baseMs: 5 * MINUTE_MS, maximumMs: HOUR_MS, threshold: 1 },
  outcome_unknown: KEEP,
};

/** The pause that an error means for what it is about: the credential or, where its scope says so, one model. */
export function coolDownFor(
  error: Pick<ErrorData, 'code' | 'retryAfterMs' | 'scope' | 'reason'>,
): CoolDown | undefined {
  if (error.code === 'challenge_required' && WAY_REFUSED_REASONS.has(error.reason ?? '')) return WAY_REFUSED;
  if (error.code === 'upstream_forbidden' && error.reason === OWNER_WANTED_REASON) return OWNER_WANTED;
  if (error.scope === 'model' && error.code === 'upstream_forbidden') return MODEL_FORBIDDEN;
  const reaction = CREDENTIAL_POLICY[error.code];
  if (reaction.type === 'keep') return undefined;
  const rule = reaction.type === 'refresh' ? reaction.otherwise : reaction;
  return rule.onlyWhenTold && error.retryAfterMs === undefined ? undefined : rule;
}
