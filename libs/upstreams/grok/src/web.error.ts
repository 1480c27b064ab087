import type { ErrorCode } from '@sluice/contracts/error-code';
import { GatewayError, type GatewayErrorOptions } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { Json } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import { describeFailure, readFailureBody } from '@sluice/upstream-kit/failure-body';
import { isWebPage } from '@sluice/upstream-kit/read-json';
import { retryAfterMs } from '@sluice/upstream-kit/retry-after';

/** What the site says of a failure, inside an answer or in its place. */
export interface WebFault {
  message: string;
  /** gRPC's number. */
  code?: number;
}

/** What an answer with an error status says. Its body is read to the end, or given up. */
export async function toWebFailure(response: HttpResponse, nowMs: number): Promise<GatewayError> {
  const { status } = response;
  const { text, json } = await readFailureBody(response);
  const waitMs = retryAfterMs(response.headers, nowMs);
  if (isWebPage(text)) return pageFailure(status, waitMs);
  const told = readWebFault(json as Json | undefined) ?? { message: describeFailure({ status, text }) };
  return toFailure(told, { status, waitMs });
}

/** Both `{error:{code,message}}` and the bare object; undefined for what is no fault. */
export function readWebFault(value: Json | undefined): WebFault | undefined {
  if (typeof value === 'string') return value === '' ? undefined : { message: value };
  if (!isJsonObject(value)) return undefined;
  const { error } = value;
  const own = isJsonObject(error) ? error : value;
  if (typeof error === 'string' && error !== '') return { message: error };
  const { message, code, severity } = own;
  if (typeof message !== 'string' || (own === value && code === undefined && severity === undefined)) return undefined;
  return { message, ...present({ code: typeof code === 'number' ? code : undefined }) };
}

/** The failure in the gateway's words. Without a status it was told inside an answer. */
export function toFailure(
  { message, code }: WebFault,
  { status, waitMs }: { status?: number; waitMs?: number | undefined } = {},
): GatewayError {
  const cause = CAUSES.find((each) => each.text.test(message)) ?? CAUSE_BY_NUMBER[code ?? -1] ?? causeOf(status);
  const options: GatewayErrorOptions = {
    saw: status === undefined || cause.saw === 'unknown' ? 'unknown' : 'refused',
    ...present({
      upstreamStatus: status,
      upstreamCode: code === undefined ? undefined : String(code),
      retryAfterMs: waitMs,
    }),
    ...(cause.reason !== undefined && { reason: cause.reason }),
  };
  return new GatewayError(cause.code, cause.message ?? message, options);
}

/** A failure that was told before anything began. */
export function asRefusal(thrown: unknown): unknown {
  if (!(thrown instanceof GatewayError) || !REFUSALS.has(thrown.code)) return thrown;
  return GatewayError.fromData({ ...thrown.data, saw: 'refused' });
}

/** Said in place of what was asked for, and not for want of knowing better: nothing was made. */
const REFUSALS: ReadonlySet<string> = new Set([
  'upstream_rate_limited',
  'upstream_auth',
  'upstream_overloaded',
  'challenge_required',
  'content_refused',
]);

interface Cause {
  code: ErrorCode;
  message?: string;
  reason?: string;
  saw?: 'unknown';
}

const ANTI_BOT: Cause = {
  code: 'challenge_required',
  message: 'The upstream takes our way out for a robot. That says nothing of the account.',
  reason: 'anti_bot',
};
const MODERATED: Cause = { code: 'content_refused', message: 'The upstream refused this content.' };
const LIMITED: Cause = { code: 'upstream_rate_limited' };
const BLOCKED: Cause = {
  code: 'upstream_auth',
  message: 'The upstream has blocked this account.',
  reason: 'account_blocked',
};
const OUTDATED: Cause = {
  code: 'upstream_error',
  message: 'The upstream wants a newer client: what we send has to be brought up to date.',
  reason: 'outdated',
};

/** The text tells more than the status: the first that fits counts. */
const CAUSES: readonly (Cause & { text: RegExp })[] = [
  { text: /content-moderated|content moderated/i, ...MODERATED },
  { text: /blocked-user|user is blocked|email-domain-rejected/i, ...BLOCKED },
  { text: /anti-bot/i, ...ANTI_BOT },
  { text: /page is out of date/i, ...OUTDATED },
  { text: /usage limit|rate.?limit|too many requests/i, ...LIMITED },
  { text: /load.?shed|ResourceExhausted|overloaded|at capacity/i, code: 'upstream_overloaded' },
];

const CAUSE_BY_NUMBER: Readonly<Record<number, Cause>> = {
  3: { code: 'invalid_request' },
  7: { code: 'upstream_forbidden' },
  8: LIMITED,
  13: { code: 'upstream_error', saw: 'unknown' },
  16: { code: 'upstream_auth', message: 'The session is over: somebody has to sign in again.' },
};

function causeOf(status = 500): Cause {
  if (status === 401) return { code: 'upstream_auth', message: 'The session is over: somebody has to sign in again.' };
  if (status === 403) return { code: 'upstream_forbidden' };
  if (status === 429) return LIMITED;
  if (status === 413) return { code: 'too_large' };
  if (status >= 400 && status < 500) return { code: 'invalid_request' };
  return { code: status === 503 ? 'upstream_overloaded' : 'upstream_error', saw: 'unknown' };
}

/** A page in place of an answer is a challenge, or a proxy's. */
function pageFailure(status: number, waitMs: number | undefined): GatewayError {
  if (status === 403 || status === 429)
    return new GatewayError(
      'challenge_required',
      'The upstream wants a challenge answered before it serves this way out.',
      {
        saw: 'refused',
        upstreamStatus: status,
        reason: 'challenge_page',
      },
    );
  return new GatewayError('upstream_error', `The upstream answered with a web page and status ${status}.`, {
    saw: status >= 500 ? 'unknown' : 'refused',
    upstreamStatus: status,
    ...present({ retryAfterMs: waitMs }),
  });
}
