import type { InnerAnswer } from './line-calls.js';

/** What passes by itself. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);
const MOST_ATTEMPTS = 10;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** Whether nothing was made, and the next try may go better. */
export function isWorthAnotherTry({ statusCode, headers, payload }: InnerAnswer, attempts: number): boolean {
  if (attempts >= MOST_ATTEMPTS) return false;
  // Whoever had the line before was lost, and its call is still under way or its key not free yet.
  if (statusCode === 409) return payload.includes('"idempotency_in_progress"');
  return PASSING.has(statusCode) && headers['x-should-retry'] !== 'false';
}

export function pauseMs({ headers }: InnerAnswer, attempts: number): number {
  const told = Number(headers['retry-after-ms'] ?? Number(headers['retry-after'] ?? 0) * 1_000);
  const growing = FIRST_PAUSE_MS * 2 ** Math.min(attempts, 10);
  return Math.min(LONGEST_PAUSE_MS, Math.max(growing, Number.isFinite(told) ? told : 0));
}
