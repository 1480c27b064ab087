import { GatewayError, toGatewayError, type GatewayErrorOptions } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import { isWebPage } from '@sluice/upstream-kit/read-json';
import { retryAfterMs } from '@sluice/upstream-kit/retry-after';
import { decodeError, type GeminiFailure, type QuotaViolation } from '@sluice/wire-gemini-generate/decode-error';
import { toFailure } from '@sluice/wire-gemini-generate/to-failure';
import { untilPacificMidnightMs } from './pacific-midnight.js';

const MAXIMUM_ERROR_BYTES = 256 * 1024;
const MINUTE_MS = 60_000;

/** What an answer with an error status says. Its body is read to the end, or given up. */
export async function toGeminiFailure(response: HttpResponse, nowMs: number): Promise<GatewayError> {
  const { status } = response;
  const text = await readText(response);
  const body = isWebPage(text) ? `The upstream answered with a web page and status ${status}.` : parse(text);
  // Without an error object a 404 speaks of the path, so of our base URL, and not of the request.
  if (typeof body === 'string' && (status === 404 || status < 400)) return wrongAddress(status);
  const told = decodeError({ status, body });
  if (told === undefined) return wrongAddress(status);
  return judge(told, { nowMs, waitMs: retryAfterMs(response.headers, nowMs) });
}

/** An error in place of an answer, whatever its status was; undefined for what is none. */
export function readToldFailure(body: unknown, nowMs: number): GatewayError | undefined {
  const told = decodeError({ status: 200, body });
  return told && judge(told, { nowMs, waitMs: undefined });
}

/** The failure with what it means for the account: when it can be asked again, and whether it was at fault at all. */
function judge(told: GeminiFailure, { nowMs, waitMs }: { nowMs: number; waitMs: number | undefined }): GatewayError {
  const failure = toFailure(told);
  switch (told.kind) {
    // What is announced is often 0 s: the day decides, whatever the wait.
    case 'daily-quota':
      return changed(failure, { retryAfterMs: untilPacificMidnightMs(nowMs), ...scopeOf(told) });
    case 'rate-limit':
      return changed(failure, { ...withWait(minuteWait(told) ?? waitMs), ...scopeOf(told) });
    // The account is well, and has other models; another one may have this.
    case 'not-in-tier':
      return new GatewayError('upstream_forbidden', failure.message, { ...optionsOf(failure), scope: 'model' });
    default:
      return failure.data.retryAfterMs === undefined && waitMs !== undefined
        ? changed(failure, { retryAfterMs: waitMs })
        : failure;
  }
}

/** A limit per minute that tells no wait, or none that helps, is over within one. */
function minuteWait({ retryAfterMs: toldMs, violations }: GeminiFailure): number | undefined {
  if (toldMs !== undefined && toldMs > 0) return toldMs;
  return violations.some(({ window }) => window === 'minute') ? MINUTE_MS : undefined;
}

/** Google counts for each project and model; a limit that says otherwise is the whole account's. */
function scopeOf({ violations }: GeminiFailure): GatewayErrorOptions {
  const isOfModel = ({ id = '', model }: QuotaViolation): boolean => id.includes('PerModel') || model !== undefined;
  return violations.length > 0 && violations.every(isOfModel) ? { scope: 'model' } : {};
}

function withWait(waitMs: number | undefined): GatewayErrorOptions {
  return waitMs === undefined ? {} : { retryAfterMs: waitMs };
}

function changed(failure: GatewayError, changes: GatewayErrorOptions): GatewayError {
  return new GatewayError(failure.code, failure.message, { ...optionsOf(failure), ...changes });
}

function optionsOf({ data }: GatewayError): GatewayErrorOptions {
  const { code: _, message: __, ...options } = data;
  return options;
}

function wrongAddress(status: number): GatewayError {
  const message = `The upstream has nothing at this address (status ${status}): its base URL may be wrong.`;
  return new GatewayError('upstream_error', message, { saw: 'refused', upstreamStatus: status });
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
    return text;
  }
}
