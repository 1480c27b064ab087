import type { Json } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 } as const;
/** As Go writes durations: `56.185908122s`, `964.972314ms`, `1h2m3.5s`. */
const DURATION = /(\d+(?:\.\d+)?)(h|ms|m|us|µs|ns|s)/g;
const TOLD = /please retry in ((?:\d+(?:\.\d+)?(?:h|ms|m|us|µs|ns|s))+)/i;

/** How long to wait, in ms: the message has it exactly, RetryInfo rounded. */
export function readWait(message: string, retryDelay: Json | undefined): number | undefined {
  const told = TOLD.exec(message)?.[1]?.toLowerCase();
  const waitMs = told === undefined ? delayMs(retryDelay) : durationMs(told);
  return waitMs === undefined ? undefined : Math.ceil(waitMs);
}

/** A protobuf duration in its JSON form, or as what it is made of. */
function delayMs(delay: Json | undefined): number | undefined {
  if (typeof delay === 'string') return /^\d+(?:\.\d+)?s$/.test(delay) ? durationMs(delay) : undefined;
  if (!isJsonObject(delay)) return undefined;
  const waitMs = Number(delay['seconds'] ?? 0) * 1_000 + Number(delay['nanos'] ?? 0) / 1e6;
  return Number.isFinite(waitMs) && waitMs >= 0 ? waitMs : undefined;
}

function durationMs(text: string): number {
  const units: Readonly<Record<string, number>> = UNIT_MS;
  return [...text.matchAll(DURATION)].reduce(
    (sum, [, count, unit = 's']) => sum + Number(count) * (units[unit] ?? 0),
    0,
  );
}
