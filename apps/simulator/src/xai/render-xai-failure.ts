import type { FailureDetail, FailureKind, SimulatedFailure } from '../simulated-failure.js';

interface Wording {
  status: number;
  code: string;
  message?: string;
}

const KEY_HINT = 'You can obtain an API key from https://console.x.ai.';
const badKey = {
  status: 400,
  code: 'Client specified an invalid argument',
  message: `Incorrect API key provided: si***ed. ${KEY_HINT}`,
};

/** A bad key is a 400 here, and most errors are a text beside a code. */
const WORDINGS: Readonly<Record<Exclude<FailureKind, 'fault'>, Wording>> = {
  'missing-key': { status: 401, code: 'unauthenticated:no-credentials', message: 'No credentials presented.' },
  'revoked-key': badKey,
  'expired-key': badKey,
  'quota-exhausted': {
    status: 403,
    code: 'permission-denied',
    message:
      'Your team 00000000-0000-4000-8000-000000000000 has used all available credits or reached its monthly spending limit.',
  },
  'rate-limited': { status: 429, code: 'resource-exhausted' },
  'invalid-request': { status: 400, code: 'Client specified an invalid argument' },
  'too-large': { status: 413, code: 'Client specified an invalid argument' },
  'unknown-model': { status: 404, code: 'not-found' },
  'unknown-path': { status: 404, code: 'not-found' },
};

const TOO_MANY =
  "Too many requests for team 00000000-0000-4000-8000-000000000000 and model sim. Your team's rate limit is — Requests per Second (actual/limit): 2/2.";

const CODES: Readonly<Record<number, string>> = {
  400: 'Client specified an invalid argument',
  401: 'unauthenticated:bad-credentials',
  403: 'permission-denied',
  404: 'not-found',
  429: 'resource-exhausted',
};

export function renderXaiFailure({ kind, detail }: SimulatedFailure): string {
  const wording = kind === 'fault' ? undefined : WORDINGS[kind];
  const code = detail.code ?? wording?.code ?? CODES[detail.status] ?? 'The service is currently unavailable';
  const isThrottled = kind === 'rate-limited' || (kind === 'fault' && detail.status === 429);
  const error = wording?.message ?? (isThrottled && detail.message.startsWith('Simulated') ? TOO_MANY : detail.message);
  return JSON.stringify({ code, error });
}

export function xaiHead({ kind, detail }: SimulatedFailure): Pick<FailureDetail, 'status'> & {
  headers: Readonly<Record<string, string>>;
} {
  const status = kind === 'fault' || kind === 'invalid-request' ? detail.status : WORDINGS[kind].status;
  return { status, headers: detail.headers ?? {} };
}
