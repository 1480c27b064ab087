import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import { isWebPage } from '@sluice/upstream-kit/read-json';
import { retryAfterMs } from '@sluice/upstream-kit/retry-after';
import { readVendorError, toFailure, type VendorError } from '@sluice/wire-openai-chat/decode-error';

const MAXIMUM_ERROR_BYTES = 256 * 1024;
const MAXIMUM_TEXT_LENGTH = 500;

/** What an answer with an error status says. Its body is read to the end, or given up. */
export async function toOpenaiFailure(response: HttpResponse, nowMs: number): Promise<GatewayError> {
  const { status } = response;
  const text = await readText(response);
  const waitMs = retryAfterMs(response.headers, nowMs);
  const context = { status, ...(waitMs !== undefined && { retryAfterMs: waitMs }) };
  const told = readVendorError(parse(text));
  if (told !== undefined) return toFailure(told, context);
  // Without an error object a 404 speaks of the path, so of our base URL, and not of the request.
  if (status === 404 || status < 400) return wrongAddress(status);
  return toFailure(untold(status, text), context);
}

/** A body that breaks off still leaves the status; a caller who has left gets his own failure. */
async function readText(response: HttpResponse): Promise<string> {
  try {
    return await response.text(MAXIMUM_ERROR_BYTES);
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (error.code === 'cancelled' || error.code === 'deadline_exceeded') throw error;
    response.discard();
    return '';
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function untold(status: number, text: string): VendorError {
  const isReadable = text.trim() !== '' && text.length <= MAXIMUM_TEXT_LENGTH && !isWebPage(text);
  const message = isWebPage(text)
    ? `The upstream answered with a web page and status ${status}.`
    : `The upstream answered with status ${status}.`;
  return { message: isReadable ? text.trim() : message };
}

function wrongAddress(status: number): GatewayError {
  const message = `The upstream has nothing at this address (status ${status}): its base URL may be wrong.`;
  return new GatewayError('upstream_error', message, { saw: 'refused', upstreamStatus: status });
}
