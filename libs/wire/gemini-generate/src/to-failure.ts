import type { ErrorCode } from '@sluice/contracts/error-code';
import { GatewayError, type UpstreamSaw } from '@sluice/contracts/gateway-error';
import { present } from '@sluice/contracts/present';
import type { GeminiFailure } from './decode-error.js';
import type { FailureKind } from './failure-kind.js';

/** The failure in the gateway's words. What a refusal means for the key is the adapter's matter. */
export function toFailure(failure: GeminiFailure): GatewayError {
  const code = CODES[failure.kind];
  const isRequestFault = REQUEST_FAULTS.has(failure.kind);
  return new GatewayError(code, OWN_MESSAGES[failure.kind] ?? failure.message.slice(0, MAXIMUM_MESSAGE_LENGTH), {
    saw: sawOf(failure.kind),
    upstreamStatus: failure.status,
    ...(failure.kind === 'file-missing' && { reason: 'file_missing' }),
    ...present({
      param: isRequestFault ? failure.field : undefined,
      upstreamCode: failure.reason ?? failure.rpcStatus,
      // A daily limit announces waits of seconds, or none.
      retryAfterMs: WAITS.has(failure.kind) ? failure.retryAfterMs : undefined,
    }),
  });
}

const MAXIMUM_MESSAGE_LENGTH = 2000;

const CODES: Record<FailureKind, ErrorCode> = {
  'bad-request': 'invalid_request',
  'too-large': 'too_large',
  'context-too-long': 'context_too_long',
  'key-invalid': 'upstream_auth',
  'key-expired': 'upstream_auth',
  'key-missing': 'upstream_auth',
  'key-suspended': 'upstream_auth',
  'key-leaked': 'upstream_auth',
  'service-disabled': 'upstream_forbidden',
  'permission-denied': 'upstream_forbidden',
  'file-missing': 'upstream_forbidden',
  region: 'upstream_forbidden',
  'model-missing': 'upstream_model_missing',
  'model-retired': 'upstream_model_missing',
  'not-found': 'not_found',
  'rate-limit': 'upstream_rate_limited',
  'daily-quota': 'upstream_quota_exhausted',
  'not-in-tier': 'upstream_quota_exhausted',
  billing: 'upstream_quota_exhausted',
  capacity: 'upstream_overloaded',
  overloaded: 'upstream_overloaded',
  deadline: 'upstream_timeout',
  cancelled: 'upstream_error',
  internal: 'upstream_error',
};

const REQUEST_FAULTS = new Set<FailureKind>(['bad-request', 'too-large', 'context-too-long', 'not-found']);
const WAITS = new Set<FailureKind>(['rate-limit', 'capacity', 'overloaded']);

/** Google's own text can quote the key, or the project. */
const OWN_MESSAGES: Partial<Record<FailureKind, string>> = {
  'key-invalid': 'The upstream did not accept its credential. An operator has to renew it.',
  'key-expired': 'The upstream did not accept its credential. An operator has to renew it.',
  'key-missing': 'The upstream was given no credential. An operator has to look at its settings.',
  'key-suspended': "The upstream has suspended its credential's project.",
  'key-leaked': 'The upstream has blocked its credential as leaked.',
  'service-disabled': "The upstream's API is not enabled for its credential.",
  'file-missing': 'A file that the request names is not there for the credential that serves it.',
  'permission-denied': 'The upstream does not allow its credential to do this.',
  region: 'The upstream does not serve the region that this gateway calls from.',
  'daily-quota': "The upstream account's daily quota is used up.",
  'not-in-tier': "The model is not in the upstream account's tier.",
  billing: "The upstream account's credit is used up.",
};

/** A refusal says that nothing was made; a server that failed, or gave up waiting, may have made it. */
function sawOf(kind: FailureKind): UpstreamSaw {
  return kind === 'internal' || kind === 'deadline' || kind === 'cancelled' ? 'unknown' : 'refused';
}
