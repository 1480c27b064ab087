const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The waits between the attempts at one delivery: ten attempts in 75 hours. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** Receivers that were down together are not all met again in one instant. */
const JITTER = 0.2;
const LONGEST_WISH_MS = 24 * HOUR_MS;
/** By these a receiver, or what stands before it, says that we are too fast. */
const SLOW_DOWN = new Set([429, 502, 503, 504]);

export interface FailedAttempt {
  /** How many of this round have failed, this one included. */
  failures: number;
  status?: number | undefined;
  /** What the receiver asked for. */
  retryAfterMs?: number | undefined;
}

/** How long to wait after a failed attempt; undefined when it was the last. */
export function retryDelayMs(
  { failures, status, retryAfterMs = 0 }: FailedAttempt,
  { delaysMs = RETRY_DELAYS_MS, random = Math.random }: { delaysMs?: readonly number[]; random?: () => number } = {},
): number | undefined {
  const delayMs = delaysMs[failures - 1];
  if (delayMs === undefined) return undefined;
  const slowed = status !== undefined && SLOW_DOWN.has(status) ? delayMs * 2 : delayMs;
  return Math.round(Math.max(slowed, Math.min(retryAfterMs, LONGEST_WISH_MS)) * (1 + random() * JITTER));
}
