import type { ErrorCode } from '@sluice/contracts/error-code';
import { GatewayError, type UpstreamSaw } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import { isJsonObject } from '@sluice/contracts/json-object';

/** What a vendor said of its failure, whichever shape it has. */
export interface VendorError {
  message: string;
  code?: string;
  type?: string;
  param?: string;
  /** Where the object itself names an HTTP status, as errors told with a 200 do. */
  status?: number;
}

/**
 * The error in an answer's body, or undefined where there is none: OpenAI's object, a string, a list of one, FastAPI's
 * `detail`, RFC 9457, vLLM's `object: "error"`, Nest's.
 */
export function readVendorError(body: unknown): VendorError | undefined {
  const value = Array.isArray(body) ? (body[0] as unknown) : body;
  if (!isJsonObject(value)) return undefined;
  const { error } = value;
  if (typeof error === 'string' && error !== '') {
    return {
      message: text(value['message']) ?? error,
      ...present({ code: identifier(value['code']), status: status(value['code']) }),
    };
  }
  if (isJsonObject(error) && Object.keys(error).length > 0) return fromObject(error);
  if ('choices' in value) return undefined;
  if (value['object'] === 'error' || ('message' in value && 'code' in value)) return fromObject(value);
  const detail = value['detail'] ?? value['title'];
  if (detail != null)
    return { message: text(detail) ?? JSON.stringify(detail), ...present({ status: status(value['status']) }) };
  return undefined;
}

/** The failure in the gateway's words. `status` is the HTTP answer's, where it was not a 200. */
export function toFailure(error: VendorError, context: { status?: number; retryAfterMs?: number } = {}): GatewayError {
  const effective = context.status ?? error.status ?? statusByName(error) ?? 500;
  const code = failureCode(error, effective);
  const isRequestFault = REQUEST_FAULTS.has(code);
  const own = error.code ?? error.type;
  return new GatewayError(code, failureMessage(code, error.message), {
    saw: sawOf(code, effective),
    upstreamStatus: effective,
    ...present({
      param: isRequestFault ? error.param : undefined,
      reason: isRequestFault ? error.code : undefined,
      upstreamCode: own,
      retryAfterMs: context.retryAfterMs ?? (WAITS.has(code) ? retryAfterText(error.message) : undefined),
    }),
  });
}

/** "Please try again in 1m2.5s", "retry in 350ms": the wait in milliseconds. */
export function retryAfterText(message: string): number | undefined {
  const wait = /(?:try again|retry) (?:in|after) ((?:\d+(?:\.\d+)?\s?(?:ms|h|m|s)[a-z]*\s?)+)/i.exec(message)?.[1];
  if (wait === undefined) return undefined;
  let waitMs = 0;
  for (const [, amount, unit] of wait.matchAll(/(\d+(?:\.\d+)?)\s?(ms|h|m|s)/gi)) {
    waitMs += Number(amount) * (UNIT_MS[unit?.toLowerCase() ?? ''] ?? 0);
  }
  return Math.ceil(waitMs);
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const WAITS = new Set<ErrorCode>(['upstream_rate_limited', 'upstream_overloaded']);
const REQUEST_FAULTS = new Set<ErrorCode>([
  'invalid_request',
  'not_found',
  'too_large',
  'context_too_long',
  'content_refused',
  'upstream_model_missing',
]);

const NAMED_CODES: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /^(?:insufficient_quota|insufficient_balance|credit_balance_exhausted|billing_.*|quota_exceeded|payment_required)$/,
    'upstream_quota_exhausted',
  ],
  [/^(?:context_length_exceeded|context_window_exceeded|prompt_too_long)$/, 'context_too_long'],
  [/^(?:content_filter|content_policy_violation|moderation_blocked|data_inspection_failed)$/, 'content_refused'],
  [/^(?:model_not_found|invalid_model|unknown_model|model_not_available)$/, 'upstream_model_missing'],
  [/^(?:invalid_api_key|api_key_invalid|invalid_authentication)$/, 'upstream_auth'],
  [/^(?:server_is_overloaded|slow_down|engine_overloaded(?:_error)?|overloaded(?:_error)?)$/, 'upstream_overloaded'],
];

/** A model's name and that it is not there; not a model that does not know some parameter. */
const MISSING_MODEL =
  /\bmodels?[\s:/]*[`'"]?[\w./:@-]+[`'"]? (?:is |was |does )?(?:not found|not exist|not supported|not available|no longer available)|model not found|unknown model|no such model/i;

const REQUEST_MESSAGES: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /context (?:length|window)|maximum (?:prompt|context)|prompt is too long|too many (?:input )?tokens/i,
    'context_too_long',
  ],
  [MISSING_MODEL, 'upstream_model_missing'],
  [/api key (?:not valid|expired|is invalid)|invalid api key|incorrect api key/i, 'upstream_auth'],
];

function failureCode(error: VendorError, effective: number): ErrorCode {
  for (const name of [error.code, error.type]) {
    const named = name && NAMED_CODES.find(([pattern]) => pattern.test(name.toLowerCase()));
    if (named) return named[1];
  }
  const isRequestStatus = effective === 400 || effective === 404 || effective === 413 || effective === 422;
  const worded = isRequestStatus && REQUEST_MESSAGES.find(([pattern]) => pattern.test(error.message));
  return worded ? worded[1] : codeByStatus(effective);
}

const CODE_BY_STATUS: Record<number, ErrorCode> = {
  400: 'invalid_request',
  401: 'upstream_auth',
  402: 'upstream_quota_exhausted',
  403: 'upstream_forbidden',
  404: 'not_found',
  413: 'too_large',
  422: 'invalid_request',
  429: 'upstream_rate_limited',
  503: 'upstream_overloaded',
  529: 'upstream_overloaded',
};

function codeByStatus(effective: number): ErrorCode {
  return CODE_BY_STATUS[effective] ?? 'upstream_error';
}

/** A refusal says that nothing was made; a server that failed, or gave up waiting, may have made it. */
function sawOf(code: ErrorCode, effective: number): UpstreamSaw {
  if (code !== 'upstream_error') return 'refused';
  return effective >= 400 && effective < 500 && effective !== 408 && effective !== 499 ? 'refused' : 'unknown';
}

const OWN_MESSAGES: Partial<Record<ErrorCode, string>> = {
  // A vendor's own text can quote the key.
  upstream_auth: 'The upstream did not accept its credential. An operator has to renew it.',
  upstream_forbidden: 'The upstream does not allow its credential to do this.',
  upstream_quota_exhausted: "The upstream account's quota is used up.",
};

const MAXIMUM_MESSAGE_LENGTH = 2000;

function failureMessage(code: ErrorCode, message: string): string {
  return OWN_MESSAGES[code] ?? message.slice(0, MAXIMUM_MESSAGE_LENGTH);
}

function fromObject(error: Record<string, Json | undefined>): VendorError {
  const { message, code, type, param } = error;
  const { metadata } = error;
  const inner = isJsonObject(metadata) ? text(metadata['raw']) : undefined;
  return {
    message: text(message) ?? inner ?? text(error['detail']) ?? 'The upstream reported an error without a message.',
    ...present({
      code: identifier(code),
      type: identifier(type) ?? identifier(error['status']),
      param: text(param),
      status: status(code) ?? status(error['status']) ?? status(error['statusCode']),
    }),
  };
}

function text(value: Json | undefined): string | undefined {
  if (Array.isArray(value)) return value.map((each) => text(isJsonObject(each) ? each['msg'] : each) ?? '').join('; ');
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function identifier(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && status(value) === undefined ? value : undefined;
}

function status(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 400 && number < 600 ? number : undefined;
}

const STATUS_BY_NAME = new Map(
  Object.entries<number>({
    invalid_request_error: 400,
    badrequesterror: 400,
    invalid_argument: 400,
    authentication_error: 401,
    unauthenticated: 401,
    permission_error: 403,
    permission_denied: 403,
    not_found_error: 404,
    not_found: 404,
    rate_limit_error: 429,
    rate_limit_exceeded: 429,
    resource_exhausted: 429,
    requests: 429,
    tokens: 429,
    service_unavailable_error: 503,
    unavailable: 503,
  }),
);

function statusByName({ code, type }: VendorError): number | undefined {
  return STATUS_BY_NAME.get(code?.toLowerCase() ?? '') ?? STATUS_BY_NAME.get(type?.toLowerCase() ?? '');
}
