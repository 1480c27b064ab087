import type { QuotaViolation } from './decode-error.js';

/** The rows of Google's errors that call for different action. */
export type FailureKind =
  | 'bad-request'
  | 'too-large'
  | 'context-too-long'
  | 'key-invalid'
  | 'key-expired'
  | 'key-missing'
  | 'key-suspended'
  | 'key-leaked'
  | 'service-disabled'
  | 'permission-denied'
  /** A file that the request names is not there, or is another project's. */
  | 'file-missing'
  | 'region'
  | 'model-missing'
  | 'model-retired'
  | 'not-found'
  /** A limit per minute, or one that does not say: it ends soon. */
  | 'rate-limit'
  /** A limit per day: whatever wait is announced, it ends at midnight Pacific time. */
  | 'daily-quota'
  /** A limit of 0: this model is not in the key's tier. */
  | 'not-in-tier'
  /** Prepaid credit is used up. */
  | 'billing'
  /** The model, and not the account, has no room. */
  | 'capacity'
  | 'overloaded'
  | 'deadline'
  | 'cancelled'
  | 'internal';

export interface ToldFailure {
  status: number;
  rpcStatus: string | undefined;
  reason: string | undefined;
  message: string;
  violations: readonly QuotaViolation[];
}

/** A row of Google's errors. The reason decides before the words, the words before the status. */
export function failureKind(told: ToldFailure): FailureKind {
  const { status, reason = '', message } = told;
  if (status === 429) return quotaKind(told);
  if (/API key expired/i.test(message)) return 'key-expired';
  if (reason === 'API_KEY_INVALID' || /API key not (?:valid|found)|pass a valid API key|API_KEY_INVALID/i.test(message))
    return 'key-invalid';
  if (status === 400) return requestKind(told);
  if (status === 401 || status === 403) return accessKind({ status, reason, message });
  if (status === 404) return missingKind(message);
  return KIND_BY_STATUS[status] ?? (status >= 500 ? 'internal' : 'bad-request');
}

const KIND_BY_STATUS: Record<number, FailureKind> = {
  408: 'deadline',
  413: 'too-large',
  499: 'cancelled',
  503: 'overloaded',
  504: 'deadline',
  529: 'overloaded',
};

function quotaKind({ reason, message, violations }: ToldFailure): FailureKind {
  if (reason === 'MODEL_CAPACITY_EXHAUSTED') return 'capacity';
  if (violations.some(({ limit }) => limit === 0)) return 'not-in-tier';
  if (violations.some(({ window }) => window === 'day')) return 'daily-quota';
  return /prepa(?:id|yment)|credits? (?:are|is|balance)|out of credit|depleted|spend(?:ing)? (?:cap|limit)/i.test(
    message,
  )
    ? 'billing'
    : 'rate-limit';
}

function requestKind({ rpcStatus, message }: ToldFailure): FailureKind {
  if (/user location is not supported/i.test(message)) return 'region';
  if (rpcStatus === 'FAILED_PRECONDITION' && /billing|free tier is not available/i.test(message)) return 'region';
  if (/exceeds the maximum number of tokens|input token count/i.test(message)) return 'context-too-long';
  if (/payload size exceeds/i.test(message)) return 'too-large';
  return 'bad-request';
}

function accessKind({ status, reason, message }: { status: number; reason: string; message: string }): FailureKind {
  if (/reported as leaked/i.test(message)) return 'key-leaked';
  if (reason === 'CONSUMER_SUSPENDED' || /has been suspended/i.test(message)) return 'key-suspended';
  if (/unregistered callers|missing a valid api key/i.test(message)) return 'key-missing';
  if (SERVICE_REASONS.has(reason) || /has not been used in project|is disabled/i.test(message))
    return 'service-disabled';
  if (/\bfile\b.*may not exist/i.test(message)) return 'file-missing';
  return status === 401 ? 'key-invalid' : 'permission-denied';
}

const SERVICE_REASONS = new Set(['SERVICE_DISABLED', 'API_KEY_SERVICE_BLOCKED']);

function missingKind(message: string): FailureKind {
  if (/no longer available/i.test(message)) return 'model-retired';
  return /\bmodels?\b.*(?:is not found|not found|not supported)/i.test(message) ? 'model-missing' : 'not-found';
}
