import type { ErrorData } from '@sluice/contracts/gateway-error';

/** `never`: no retry by the caller can cure it, though the status alone would make an SDK try twice more. */
export type CallerRetry = 'allowed' | 'never';

/** Headers that tell the SDKs of every family when to come back, if at all. */
export function errorHeaders(
  error: ErrorData,
  context: { requestId: string; retry: CallerRetry },
): Record<string, string> {
  const headers: Record<string, string> = { 'x-request-id': context.requestId };
  if (context.retry === 'never') headers['x-should-retry'] = 'false';
  else if (error.retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
    headers['retry-after-ms'] = String(Math.ceil(error.retryAfterMs));
  }
  return headers;
}
