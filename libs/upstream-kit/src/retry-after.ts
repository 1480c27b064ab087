const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

/** The wait that an answer's headers ask for: `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function retryAfterMs(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const waitMs = numberOf(headers['retry-after-ms']) ?? inRetryAfter(headers['retry-after'], nowMs);
  return waitMs === undefined ? undefined : Math.min(Math.max(0, waitMs), LONGEST_WAIT_MS);
}

function inRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = numberOf(header);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : atMs - nowMs;
}

function numberOf(header: string | undefined): number | undefined {
  const number = header === undefined || header.trim() === '' ? Number.NaN : Number(header);
  return Number.isFinite(number) ? number : undefined;
}
