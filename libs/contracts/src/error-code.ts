/** Every way in which a generation, or a call around one, can fail. Closed: each table over it is exhaustive. */
export const ERROR_CODES = [
  // The request is at fault; no other attempt can help.
  'invalid_request',
  'unsupported',
  'model_not_found',
  'not_found',
  'method_not_allowed',
  'too_large',
  'unsupported_media_type',
  'context_too_long',
  'content_refused',
  'idempotency_mismatch',
  'idempotency_in_progress',
  // What is asked for exists, and has not got as far.
  'not_ready',
  // The caller is at fault, or at a limit of ours.
  'unauthenticated',
  'forbidden',
  'rate_limited',
  'quota_exhausted',
  // We cannot serve it now.
  'no_credential',
  'overloaded',
  'unavailable',
  'draining',
  'deadline_exceeded',
  'cancelled',
  'internal',
  // The upstream said no, or said nothing.
  'upstream_auth',
  'upstream_forbidden',
  'upstream_rate_limited',
  'upstream_quota_exhausted',
  'upstream_overloaded',
  'upstream_model_missing',
  'upstream_error',
  'upstream_timeout',
  'upstream_unreachable',
  'upstream_bad_answer',
  'upstream_interrupted',
  'challenge_required',
  'outcome_unknown',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];
