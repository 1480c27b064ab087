import type { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import { describeFailure, readFailureBody, wrongAddress } from '@sluice/upstream-kit/failure-body';
import { retryAfterMs } from '@sluice/upstream-kit/retry-after';
import { readVendorError, toFailure } from '@sluice/wire-openai-chat/decode-error';

/** What an answer with an error status says. Its body is read to the end, or given up. */
export async function toOpenaiFailure(response: HttpResponse, nowMs: number): Promise<GatewayError> {
  const { status } = response;
  const { text, json } = await readFailureBody(response);
  const waitMs = retryAfterMs(response.headers, nowMs);
  const context = { status, ...(waitMs !== undefined && { retryAfterMs: waitMs }) };
  const told = readVendorError(json);
  if (told !== undefined) return toFailure(told, context);
  if (status === 404 || status < 400) return wrongAddress(status);
  return toFailure({ message: describeFailure({ status, text }) }, context);
}
