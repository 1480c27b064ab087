import { GatewayError, type GatewayErrorOptions } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import { describeFailure, readFailureBody, wrongAddress } from '@sluice/upstream-kit/failure-body';
import { retryAfterMs } from '@sluice/upstream-kit/retry-after';
import { decodeError, type GeminiFailure, type QuotaViolation } from '@sluice/wire-gemini-generate/decode-error';
import { toFailure } from '@sluice/wire-gemini-generate/to-failure';
import { untilPacificMidnightMs } from './pacific-midnight.js';

const MINUTE_MS = 60_000;

/** What an answer with an error status says. Its body is read to the end, or given up. */
export async function toGeminiFailure(response: HttpResponse, nowMs: number): Promise<GatewayError> {
  const { status } = response;
  const { text, json } = await readFailureBody(response);
  const body = json ?? readFrames(text) ?? describeFailure({ status, text });
  if (typeof body === 'string' && (status === 404 || status < 400)) return wrongAddress(status);
  const told = decodeError({ status, body });
  if (told === undefined) return wrongAddress(status);
  return judge(told, { nowMs, waitMs: retryAfterMs(response.headers, nowMs) });
}

/** A refused stream's error, where it comes framed as the events that there are none of. */
function readFrames(text: string): unknown {
  const lines = [...text.matchAll(/^data:(.*)$/gm)].map(([, line = '']) => line);
  try {
    return lines.length === 0 ? undefined : JSON.parse(lines.join('\n'));
  } catch {
    return undefined;
  }
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
    // It has no room for this model; the account's others are as they were.
    case 'capacity':
    case 'overloaded':
      return changed(failure, { ...withWait(failure.data.retryAfterMs ?? waitMs), scope: 'model' });
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
