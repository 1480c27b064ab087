import type { FailureDetail, FailureKind, SimulatedFailure } from '../simulated-failure.js';
import { PRESETS, type Wording } from './failure-presets.js';
import { quotaWording, type Violation } from './quota-wording.js';

const MODEL = 'gemini-simulated';

const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

const OF_KIND: Readonly<Partial<Record<FailureKind, string>>> = {
  'missing-key': 'no-key',
  'revoked-key': 'key-invalid',
  'expired-key': 'key-expired',
};

/** Google's `error` object, a google.rpc.Status. */
export function renderGeminiFailure(failure: SimulatedFailure): string {
  const { status, name, message, details } = wordingOf(failure);
  return `${JSON.stringify({ error: { code: status, message, status: name, ...(details && { details }) } }, null, 2)}\n`;
}

/** Google tells waits in the body alone. */
export function headOfGeminiFailure(failure: SimulatedFailure): { status: number; headers: Record<string, string> } {
  const contentType = failure.detail.headers?.['content-type'] ?? 'application/json; charset=UTF-8';
  const { status } = failure.kind === 'fault' ? failure.detail : wordingOf(failure);
  return { status, headers: { 'content-type': contentType } };
}

function wordingOf({ kind, detail }: SimulatedFailure): Wording {
  const preset = PRESETS[OF_KIND[kind] ?? ''];
  if (preset !== undefined) return preset;
  if (kind === 'rate-limited' || kind === 'quota-exhausted') return quotaOf(detail, kind === 'quota-exhausted');
  return kind === 'fault' ? faultOf(detail) : withField(detail);
}

function quotaOf({ quota, headers }: FailureDetail, isDay: boolean): Wording {
  const waitMs = quota?.waitMs ?? waitOf(headers) ?? 0;
  const { model = MODEL, limit = 2, unit = isDay ? 'day' : 'minute' } = quota ?? {};
  return quotaWording([{ unit, model, limit }], unit === 'day' ? 0 : waitMs);
}

/** Faults by name; those of a quota take their wait from `retry-after` and `retry-after-ms`. */
function faultOf(detail: FailureDetail): Wording {
  const { status, code = '', message, headers } = detail;
  const violations = VIOLATIONS[code];
  if (violations !== undefined) return quotaWording(violations, waitOf(headers) ?? DEFAULT_WAITS[code] ?? 0);
  const preset = PRESETS[code];
  if (preset !== undefined) return { ...preset, status };
  const waitMs = waitOf(headers);
  const retryInfo = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${(waitMs ?? 0) / 1000}s` };
  return {
    status,
    name: detail.type ?? STATUS_NAMES[status] ?? 'UNKNOWN',
    message,
    ...(waitMs !== undefined && { details: [retryInfo] }),
  };
}

const VIOLATIONS: Readonly<Record<string, readonly Violation[]>> = {
  'per-minute': [{ unit: 'minute', model: MODEL, limit: 2 }],
  'per-day': [{ unit: 'day', model: MODEL, limit: 250 }],
  'limit-zero': [{ unit: 'day', model: MODEL, limit: 0 }],
  several: [
    { unit: 'tokens', model: MODEL, limit: 250_000 },
    { unit: 'minute', model: MODEL, limit: 2 },
    { unit: 'day', model: MODEL, limit: 250 },
  ],
};
const DEFAULT_WAITS: Readonly<Record<string, number>> = { 'per-minute': 56_185.908 };

function waitOf(headers: FailureDetail['headers']): number | undefined {
  if (headers?.['retry-after-ms'] !== undefined) return Number(headers['retry-after-ms']);
  return headers?.['retry-after'] === undefined ? undefined : Number(headers['retry-after']) * 1000;
}

function withField({ status, message, parameter }: FailureDetail): Wording {
  const violation = {
    '@type': 'type.googleapis.com/google.rpc.BadRequest',
    fieldViolations: [{ field: parameter, description: message.trim() }],
  };
  const details = parameter === undefined || parameter === '' ? {} : { details: [violation] };
  return { status, name: STATUS_NAMES[status] ?? 'UNKNOWN', message, ...details };
}
