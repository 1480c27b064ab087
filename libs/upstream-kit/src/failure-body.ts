import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import { isWebPage } from './read-json.js';

const MAXIMUM_BYTES = 256 * 1024;
const LONGEST_MESSAGE = 500;

/** The body of a failure. `json` is undefined where it is none. */
export interface FailureBody {
  text: string;
  json: unknown;
}

/** A body that breaks off still leaves the status; a caller who has left gets his own failure. */
export async function readFailureBody(response: HttpResponse): Promise<FailureBody> {
  const text = await readText(response);
  return { text, json: parse(text) };
}

/** What can be told to people of a body without an error object. */
export function describeFailure({ status, text }: { status: number; text: string }): string {
  if (isWebPage(text)) return `The upstream answered with a web page and status ${status}.`;
  const isReadable = text.trim() !== '' && text.length <= LONGEST_MESSAGE;
  return isReadable ? text.trim() : `The upstream answered with status ${status}.`;
}

/** Without an error object a 404 speaks of the path, so of our base URL, and not of the request. */
export function wrongAddress(status: number): GatewayError {
  const message = `The upstream has nothing at this address (status ${status}): its base URL may be wrong.`;
  return new GatewayError('upstream_error', message, { saw: 'refused', upstreamStatus: status });
}

async function readText(response: HttpResponse): Promise<string> {
  try {
    return await response.text(MAXIMUM_BYTES);
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
