import type { FailureDetail, FailureKind, SimulatedFailure } from '../simulated-failure.js';

interface Wording {
  readonly type: string;
  readonly code: string | null;
}

const wordings: Readonly<Record<Exclude<FailureKind, 'fault'>, Wording>> = {
  'missing-key': { type: 'invalid_request_error', code: null },
  'revoked-key': { type: 'invalid_request_error', code: 'invalid_api_key' },
  'expired-key': { type: 'invalid_request_error', code: 'invalid_api_key' },
  'quota-exhausted': { type: 'insufficient_quota', code: 'insufficient_quota' },
  'rate-limited': { type: 'requests', code: 'rate_limit_exceeded' },
  'invalid-request': { type: 'invalid_request_error', code: null },
  'too-large': { type: 'invalid_request_error', code: null },
  'unknown-model': { type: 'invalid_request_error', code: 'model_not_found' },
  'unknown-path': { type: 'invalid_request_error', code: null },
};

const wordingOfStatus: Readonly<Record<number, Wording>> = {
  401: { type: 'invalid_request_error', code: 'invalid_api_key' },
  404: { type: 'invalid_request_error', code: 'model_not_found' },
  429: { type: 'requests', code: 'rate_limit_exceeded' },
  503: { type: 'service_unavailable_error', code: 'server_is_overloaded' },
};

/** OpenAI's error object; all four keys are always there. */
export function renderOpenaiFailure({ kind, detail }: SimulatedFailure): string {
  const wording = kind === 'fault' ? wordingOf(detail) : wordings[kind];
  return JSON.stringify({
    error: {
      message: detail.message,
      type: detail.type ?? wording.type,
      param: detail.parameter ?? null,
      code: detail.code ?? wording.code,
    },
  });
}

function wordingOf({ status, code }: FailureDetail): Wording {
  if (code === 'insufficient_quota') return wordings['quota-exhausted'];
  return wordingOfStatus[status] ?? { type: status >= 500 ? 'server_error' : 'invalid_request_error', code: null };
}
