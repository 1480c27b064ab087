import type { SimulatedFailure } from '../simulated-failure.js';

interface Wording {
  status: number;
  code: number;
  message: string;
}

const OVER: Wording = {
  status: 401,
  code: 16,
  message: 'Failed to look up session ID. [WKE=unauthenticated:bad-credentials]',
};
const LIMITED: Wording = { status: 429, code: 8, message: 'rate limited' };

const WORDINGS: Readonly<Record<string, Wording>> = {
  'missing-key': OVER,
  'revoked-key': OVER,
  'expired-key': OVER,
  'quota-exhausted': { ...LIMITED, message: "You've reached your usage limit for this model." },
  'rate-limited': LIMITED,
};

/** gRPC's numbers for what a status means. */
const CODES: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 404: 5, 429: 8 };

export function renderGrokFailure({ kind, detail }: SimulatedFailure): string {
  const wording = WORDINGS[kind] ?? wordingOf(detail.status, detail.message);
  return JSON.stringify({ error: { code: wording.code, message: wording.message, details: [] } });
}

export function grokHead({ kind, detail }: SimulatedFailure): {
  status: number;
  headers: Readonly<Record<string, string>>;
} {
  return { status: WORDINGS[kind]?.status ?? detail.status, headers: detail.headers ?? {} };
}

function wordingOf(status: number, message: string): Wording {
  const isPlain = message.startsWith('Simulated failure');
  if (status === 403 && isPlain) return { status, code: 7, message: 'Request rejected by anti-bot rules.' };
  if (status === 429 && isPlain) return LIMITED;
  return { status, code: CODES[status] ?? 13, message };
}
