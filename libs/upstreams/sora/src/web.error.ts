import type { ErrorCode } from '@sluice/contracts/error-code';
import { GatewayError, type GatewayErrorOptions } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import { describeFailure, readFailureBody } from '@sluice/upstream-kit/failure-body';
import { isWebPage } from '@sluice/upstream-kit/read-json';
import { retryAfterMs } from '@sluice/upstream-kit/retry-after';

/** What the site says of a failure. */
interface WebFault {
  message: string;
  code?: string;
  type?: string;
  param?: string;
  balance: JsonObject;
}

/** What an answer with an error status says. Its body is read to the end, or given up. */
export async function toWebFailure(response: HttpResponse, nowMs: number): Promise<GatewayError> {
  const { status } = response;
  const { text, json } = await readFailureBody(response);
  const waitMs = retryAfterMs(response.headers, nowMs);
  if (isWebPage(text)) return pageFailure(status, waitMs);
  const fault = readFault(json) ?? { message: describeFailure({ status, text }), balance: {} };
  return toFailure(fault, { status, waitMs });
}

/** Of a call before the one that is paid: it can be made again. */
export function asUnpaid(thrown: unknown): GatewayError {
  if (!(thrown instanceof GatewayError)) throw thrown;
  if (thrown.data.saw !== 'unknown') return thrown;
  const { code, message, ...rest } = thrown.data;
  return new GatewayError(code, message, { ...rest, saw: 'refused', cause: thrown });
}

/** Whether it is certain that nothing was taken on. */
export function isUnpaid(thrown: unknown): boolean {
  return thrown instanceof GatewayError && (thrown.data.saw === 'refused' || thrown.data.saw === 'nothing');
}

/** What the site cannot make is refused before anything is sent. */
export function unsupported(param: string, message: string): GatewayError {
  return new GatewayError('unsupported', message, { saw: 'nothing', param });
}

/** The mark of a refused proof of work. */
export const CHALLENGED = 'proof_of_work';

const MODERATED = {
  said: /moderation|content_(?:policy|violation)/,
  words: /realistic human|content polic|guardrail|violat/i,
};

/** Whether a reason speaks of what is shown, and not of how it was made. */
export function isModeration(reason: string): boolean {
  return MODERATED.said.test(reason) || MODERATED.words.test(reason);
}

interface Cause {
  code: ErrorCode;
  /** The model that was asked rests, and not all of the account. */
  scope?: 'model';
  message?: string;
  reason?: string;
  param?: string;
  waitMs?: number;
  /** Its words are the site's own whatever the status: with one that leaves open what was taken on, others' may say as much. */
  isSurelySaid?: true;
}

/** The first that fits counts: by the code or type that was told, or by the words. */
const CAUSES: readonly (Cause & { said: RegExp; words?: RegExp })[] = [
  { said: /^heavy_load$/, words: /under heavy load/i, code: 'upstream_overloaded', isSurelySaid: true },
  {
    said: /^too_many_concurrent_tasks$/,
    words: /generations? in progress/i,
    code: 'upstream_rate_limited',
    waitMs: 5_000,
  },
  { said: /^rate_limit_exhausted$/, code: 'upstream_quota_exhausted' },
  {
    said: /^sentinel_block$/,
    words: /didn.t look right|unable to process request/i,
    code: 'challenge_required',
    message: 'The upstream does not take our proof of work. That says nothing of the account.',
    reason: CHALLENGED,
  },
  {
    said: /^phone_number_required$/,
    code: 'upstream_forbidden',
    message: 'The upstream wants a phone number of this account.',
    reason: 'phone_number_required',
  },
  {
    said: /^unsupported_country_code$/,
    code: 'challenge_required',
    message: 'The upstream does not serve the country of our way out. That says nothing of the account.',
    reason: 'unsupported_country_code',
  },
  {
    said: /^(?:too_many|max)_(?:cameos|characters)$/,
    words: /(?:maximum|limit|too many)[^.]*\b(?:cameo|character)s\b/i,
    code: 'upstream_rate_limited',
    reason: 'character_places',
    scope: 'model',
    waitMs: 60_000,
  },
  { said: MODERATED.said, words: MODERATED.words, code: 'content_refused' },
  {
    said: /^(?:duration|n_frames)_not_allowed$/,
    words: /\b25\s?s|(?:duration|seconds|length).*not (?:allowed|available)/i,
    code: 'unsupported',
    reason: 'plan',
    param: 'seconds',
  },
];

const SIGNED_OUT: Readonly<Record<string, string>> = {
  token_invalidated: 'The upstream has ended this session: somebody has to sign in again.',
  token_expired: 'The access token has run out.',
};

function toFailure(
  { message, code, type, param, balance }: WebFault,
  { status, waitMs }: { status: number; waitMs: number | undefined },
): GatewayError {
  const words = [code, type].filter((word) => word !== undefined);
  const isOpen = AMBIGUOUS(status);
  const isTold = ({ said, words: text, isSurelySaid }: (typeof CAUSES)[number]) =>
    words.some((word) => said.test(word)) || (text?.test(message) === true && (!isOpen || isSurelySaid === true));
  const told = status === 401 ? undefined : CAUSES.find(isTold);
  const cause = told ?? causeOf(status);
  const options: GatewayErrorOptions = {
    saw: told === undefined && isOpen ? 'unknown' : 'refused',
    upstreamStatus: status,
    ...present({
      upstreamCode: code ?? type,
      reason: cause.reason,
      scope: cause.scope,
      param: cause.param ?? (cause.code === 'invalid_request' ? param : undefined),
      retryAfterMs: waitMs ?? resetMs(cause, balance) ?? cause.waitMs,
    }),
  };
  const signedOut = status === 401 ? SIGNED_OUT[code ?? ''] : undefined;
  return new GatewayError(cause.code, signedOut ?? cause.message ?? message, options);
}

function causeOf(status: number): Cause {
  if (status === 401) return { code: 'upstream_auth' };
  if (status === 403) return { code: 'upstream_forbidden' };
  if (status === 404) return { code: 'not_found' };
  if (status === 413) return { code: 'too_large' };
  if (status === 429) return { code: 'upstream_rate_limited' };
  if (status >= 400 && status < 500 && status !== 408) return { code: 'invalid_request' };
  return { code: status === 408 ? 'upstream_timeout' : 'upstream_error' };
}

const AMBIGUOUS = (status: number): boolean => status < 400 || status === 408 || status >= 500;

/** When a quota that is used up begins anew. */
function resetMs({ code }: Cause, { access_resets_in_seconds: seconds }: JsonObject): number | undefined {
  return code === 'upstream_quota_exhausted' && typeof seconds === 'number' ? Math.max(0, seconds * 1_000) : undefined;
}

function readFault(json: unknown): WebFault | undefined {
  if (!isJsonObject(json)) return undefined;
  const { error, detail } = json;
  const own = isJsonObject(error) ? error : isJsonObject(detail) ? detail : json;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const message = text(own['message']) ?? text(detail) ?? text(error);
  const { rate_limit_and_credit_balance: balance = json['rate_limit_and_credit_balance'] } = own;
  const told = present({ code: text(own['code']), type: text(own['type']), param: text(own['param']) });
  if (message === undefined && told.code === undefined) return undefined;
  return { message: message ?? told.code ?? '', balance: isJsonObject(balance) ? balance : {}, ...told };
}

/** A page in place of an answer is of who guards the way to the site, or of a proxy. */
function pageFailure(status: number, waitMs: number | undefined): GatewayError {
  const shared = { upstreamStatus: status, ...present({ retryAfterMs: waitMs }) };
  if (status === 403 || status === 429) {
    const message = 'The upstream wants a challenge answered before it serves this way out.';
    const reason = status === 403 ? 'challenge_page' : 'way_out_limited';
    return new GatewayError('challenge_required', message, { saw: 'refused', reason, ...shared });
  }
  const message = `The upstream answered with a web page and status ${status}.`;
  const code = status === 401 ? 'upstream_auth' : 'upstream_error';
  return new GatewayError(code, message, { saw: AMBIGUOUS(status) ? 'unknown' : 'refused', ...shared });
}
