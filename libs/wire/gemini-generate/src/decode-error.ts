import { isJsonObject } from '@sluice/contracts/json-object';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import { failureKind, type FailureKind } from './failure-kind.js';
import { readWait } from './read-wait.js';

/** One limit that was met, as `QuotaFailure` names it. */
export interface QuotaViolation {
  /** `GenerateRequestsPerMinutePerProjectPerModel-FreeTier` */
  id?: string;
  metric?: string;
  /** The limit's value; 0: the model is not in the key's tier. */
  limit?: number;
  model?: string;
  window: 'minute' | 'day' | 'unknown';
}

/** What Google said of a failure, read and not yet judged. */
export interface GeminiFailure {
  kind: FailureKind;
  message: string;
  /** The HTTP answer's, or the body's own where the answer was a 200. */
  status: number;
  /** `RESOURCE_EXHAUSTED` */
  rpcStatus?: string;
  /** Of `ErrorInfo`: `API_KEY_INVALID` */
  reason?: string;
  /** The field at fault, in Google's spelling. */
  field?: string;
  /** Of `RetryInfo`, or of the message where that is more exact. Not to be trusted where a day's limit was met. */
  retryAfterMs?: number;
  violations: QuotaViolation[];
}

/** The failure in a body: an object, a list of one, or text that is neither. Undefined where a 200 tells none. */
export function decodeError({ status, body }: { status: number; body: unknown }): GeminiFailure | undefined {
  const told = errorOf(body);
  if (told === undefined) return status < 400 ? undefined : untold(status, body);
  const details = listOf(told['details']);
  const message = text(told['message']) ?? 'The upstream reported an error without a message.';
  const effective = status >= 400 ? status : (httpStatus(told['code']) ?? statusOfRpc(told['status']) ?? 500);
  const rpcStatus = text(told['status']);
  const reason = text(detail(details, 'ErrorInfo')?.['reason']);
  const violations = readViolations(details, message);
  const kind = failureKind({ status: effective, rpcStatus, reason, message, violations });
  return {
    kind,
    message,
    status: effective,
    violations,
    ...present({
      rpcStatus,
      reason,
      field: readField(details),
      retryAfterMs: readWait(message, detail(details, 'RetryInfo')?.['retryDelay']),
    }),
  };
}

function errorOf(body: unknown): JsonObject | undefined {
  const value: unknown = Array.isArray(body) ? body[0] : body;
  if (!isJsonObject(value)) return undefined;
  const { error } = value;
  if (typeof error === 'string' && error !== '') return { ...value, message: text(value['message']) ?? error };
  return isJsonObject(error) ? error : undefined;
}

function untold(status: number, body: unknown): GeminiFailure {
  const isReadable = typeof body === 'string' && body.trim() !== '' && body.length <= 500 && !body.includes('<html');
  const message = isReadable ? (body as string).trim() : `The upstream answered with status ${status}.`;
  const kind = failureKind({ status, rpcStatus: undefined, reason: undefined, message, violations: [] });
  return { kind, message, status, violations: [] };
}

function detail(details: readonly JsonObject[], type: string): JsonObject | undefined {
  return details.find((each) => isOfType(each, type));
}

function isOfType(each: JsonObject, type: string): boolean {
  return text(each['@type'])?.endsWith(`.${type}`) ?? false;
}

/** Relays write one of something without its list. */
function listOf(value: Json | undefined): JsonObject[] {
  return (Array.isArray(value) ? value : [value]).filter(isJsonObject);
}

function readField(details: readonly JsonObject[]): string | undefined {
  return text(listOf(detail(details, 'BadRequest')?.['fieldViolations'])[0]?.['field']);
}

function readViolations(details: readonly JsonObject[], message: string): QuotaViolation[] {
  const listed = details.filter((each) => isOfType(each, 'QuotaFailure')).flatMap((each) => listOf(each['violations']));
  const violations = listed.length > 0 ? listed.map(readViolation) : readLimit(details, message);
  const told = /quota exceeded for metric: (\S+?), limit: (\d+)(?:, model: (\S+))?/gi;
  for (const [, metric, limit, model] of message.matchAll(told)) {
    const known = violations.find((each) => each.metric === metric && each.limit === undefined);
    if (known !== undefined) known.limit = Number(limit);
    else if (!violations.some((each) => each.metric === metric))
      violations.push({ window: 'unknown', limit: Number(limit), ...present({ metric, model }) });
  }
  return violations;
}

function readViolation(violation: JsonObject): QuotaViolation {
  const { quotaId, quotaMetric, quotaDimensions: dimensions, quotaValue } = violation;
  const id = text(quotaId);
  const value = text(quotaValue) === undefined && typeof quotaValue !== 'number' ? Number.NaN : Number(quotaValue);
  return {
    window: windowOf(id ?? ''),
    ...present({
      id,
      metric: text(quotaMetric),
      model: isJsonObject(dimensions) ? text(dimensions['model']) : undefined,
      limit: Number.isFinite(value) ? value : undefined,
    }),
  };
}

/** How it was told before there were violations: in the reason's own words, or in the message alone. */
function readLimit(details: readonly JsonObject[], message: string): QuotaViolation[] {
  const told = detail(details, 'ErrorInfo')?.['metadata'];
  const { quota_limit: id, quota_metric: metric, quota_limit_value: quotaValue } = isJsonObject(told) ? told : {};
  if (text(id) !== undefined)
    return [readViolation({ quotaId: id ?? null, quotaMetric: metric ?? null, quotaValue: quotaValue ?? null })];
  const [, unit] = /quota exceeded for .*\bper (day|minute)\b/i.exec(message) ?? [];
  return unit === undefined ? [] : [{ window: unit.toLowerCase() === 'day' ? 'day' : 'minute' }];
}

function windowOf(id: string): QuotaViolation['window'] {
  if (/PerDay|Daily/i.test(id)) return 'day';
  return /PerMinute/i.test(id) ? 'minute' : 'unknown';
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function httpStatus(value: Json | undefined): number | undefined {
  const status = typeof value === 'string' ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status < 600 ? status : undefined;
}

const STATUS_OF_RPC = new Map(
  Object.entries<number>({
    INVALID_ARGUMENT: 400,
    FAILED_PRECONDITION: 400,
    OUT_OF_RANGE: 400,
    UNAUTHENTICATED: 401,
    PERMISSION_DENIED: 403,
    NOT_FOUND: 404,
    RESOURCE_EXHAUSTED: 429,
    CANCELLED: 499,
    INTERNAL: 500,
    UNAVAILABLE: 503,
    DEADLINE_EXCEEDED: 504,
  }),
);

function statusOfRpc(value: Json | undefined): number | undefined {
  return STATUS_OF_RPC.get(text(value) ?? '');
}
