import type { ErrorCode } from '@sluice/contracts/error-code';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import { present } from '@sluice/contracts/present';
import { describeFailure, readFailureBody, wrongAddress } from '@sluice/upstream-kit/failure-body';
import { retryAfterMs } from '@sluice/upstream-kit/retry-after';
import { readVendorError, toFailure, type VendorError } from '@sluice/wire-openai-chat/decode-error';

/** What an answer with an error status says. Its body is read to the end, or given up. */
export async function toXaiFailure(response: HttpResponse, nowMs: number): Promise<GatewayError> {
  const { status } = response;
  const { text, json } = await readFailureBody(response);
  const told = readVendorError(json);
  if (told === undefined && (status === 404 || status < 400)) return wrongAddress(status);
  const waitMs = retryAfterMs(response.headers, nowMs) ?? resetsInMs(told?.message ?? '');
  return judge(told ?? { message: describeFailure({ status, text }) }, present({ status, retryAfterMs: waitMs }));
}

/** The same of an error that stands in an answer, or that ended an operation. */
export function judge(told: VendorError, context: { status?: number; retryAfterMs?: number }): GatewayError {
  const cause = CAUSES.find(({ statuses, text }) => {
    const isOfStatus = context.status === undefined || statuses.includes(context.status);
    return isOfStatus && text.test(`${told.code ?? ''} ${told.message}`);
  });
  // The vendor's own code says "invalid argument" of a bad key, and the like: the text decides.
  const failure = toFailure({ ...told, code: cause?.name ?? told.code ?? '' }, context);
  if (cause?.code === undefined) return failure;
  const { message: _, code: __, ...rest } = failure.data;
  const message = cause.message ?? told.message;
  return new GatewayError(cause.code, message, {
    ...rest,
    ...present({ upstreamCode: told.code, retryAfterMs: rest.retryAfterMs ?? cause.waitMs }),
    ...(cause.isOfModel === true && { scope: 'model' }),
  });
}

interface Cause {
  statuses: readonly number[];
  text: RegExp;
  /** A code that every vendor's errors are told by. */
  name?: string;
  code?: ErrorCode;
  message?: string;
  waitMs?: number;
  isOfModel?: true;
}

const HOUR_MS = 3_600_000;
const FORBIDDEN = [400, 401, 402, 403] as const;

/** One status has many meanings here: a 403 is a policy, an empty purse or a missing permission. The first that fits counts. */
const CAUSES: readonly Cause[] = [
  { statuses: FORBIDDEN, text: /violates usage guidelines|SAFETY_CHECK|content.?moderat/i, name: 'content_filter' },
  {
    statuses: [...FORBIDDEN, 429],
    text: /used all available credits|spending limit|purchase more credits|insufficient credits|usage-exhausted/i,
    name: 'insufficient_quota',
    code: 'upstream_quota_exhausted',
    message: "The upstream account's credits are used up, or its spending limit is reached.",
    waitMs: HOUR_MS,
  },
  {
    statuses: FORBIDDEN,
    text: /incorrect api key|invalid api key|api key.{0,40}(?:disabled|blocked)/i,
    name: 'invalid_api_key',
  },
  { statuses: [401], text: /no-credentials|unauthenticated/i, name: 'invalid_api_key' },
  { statuses: [404, 400], text: /model.{0,80}(?:does not exist|not found|no access)/i, name: 'model_not_found' },
  {
    statuses: [410],
    text: /live search|deprecated/i,
    code: 'unsupported',
    message:
      'The upstream has no search of this kind any more: ask for web_search_options instead of search_parameters.',
  },
  {
    statuses: [429],
    text: /for team \S+ and model|rate limit/i,
    name: 'rate_limit_exceeded',
    code: 'upstream_rate_limited',
    isOfModel: true,
  },
];

const UNIT_MS: Readonly<Record<string, number>> = { h: HOUR_MS, m: 60_000, s: 1_000, ms: 1 };

/** "Resets in: 3m 4s". */
function resetsInMs(message: string): number | undefined {
  const told = /resets? in:?\s*((?:\d+(?:\.\d+)?\s*(?:ms|h|m|s)\s*)+)/i.exec(message)?.[1];
  if (told === undefined) return undefined;
  let waitMs = 0;
  for (const [, amount, unit = 's'] of told.matchAll(/(\d+(?:\.\d+)?)\s*(ms|h|m|s)/gi))
    waitMs += Number(amount) * (UNIT_MS[unit.toLowerCase()] ?? 0);
  return Math.ceil(waitMs);
}
