import type { ErrorCode } from '@sluice/contracts/error-code';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';

/** The `error` of a failed response. Its codes are few; agents branch on these. */
export function encodeFailure(error: ErrorData): JsonObject {
  return { code: CODES[error.code] ?? 'server_error', message: error.message };
}

const CODES: Partial<Record<ErrorCode, string>> = {
  invalid_request: 'invalid_prompt',
  unsupported: 'invalid_prompt',
  content_refused: 'invalid_prompt',
  context_too_long: 'context_length_exceeded',
  rate_limited: 'rate_limit_exceeded',
  upstream_rate_limited: 'rate_limit_exceeded',
  quota_exhausted: 'insufficient_quota',
  overloaded: 'server_is_overloaded',
  upstream_overloaded: 'server_is_overloaded',
};
