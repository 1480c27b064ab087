/** One call to an upstream that counts for each project and model, as it saw it. */
export interface QuotaCall {
  project: string;
  model: string;
  atMs: number;
  /** When it was answered, where that is known: a 429 counts from then on. */
  toldAtMs?: number | undefined;
  /** Told with a 429: how long this model of the project is closed from then on. */
  refusedForMs?: number | undefined;
}

/** From the first 429 of a project and model to the end that was announced. */
export interface ClosedWindow {
  project: string;
  model: string;
  refusedAtMs: number;
  endsAtMs: number;
  /** Calls within the grace: they were on their way. */
  onTheWay: number;
  /** Calls after it: none of them should have been made. */
  lateAtMs: number[];
  /** The first call after the end. */
  nextCallAtMs: number | undefined;
}

/** What was learned of a limit within so long is excused: calls were on their way. */
const GRACE_MS = 250;
/** What a clock read before an answer and one read after it may differ by. */
const TOLERANCE_MS = 20;

/** How well announced limits were obeyed: neither too late nor for too long. */
export function judgeQuotaCalls(calls: readonly QuotaCall[], graceMs = GRACE_MS): ClosedWindow[] {
  const series = new Map<string, QuotaCall[]>();
  for (const call of calls.toSorted((left, right) => left.atMs - right.atMs)) {
    const key = `${call.project} ${call.model}`;
    const one = series.get(key) ?? [];
    one.push(call);
    series.set(key, one);
  }
  return [...series.values()].flatMap((each) => judgeSeries(each, graceMs));
}

function judgeSeries(calls: readonly QuotaCall[], graceMs: number): ClosedWindow[] {
  const windows: ClosedWindow[] = [];
  for (const { project, model, atMs, toldAtMs = atMs, refusedForMs } of calls) {
    const last = windows.at(-1);
    if (last !== undefined && atMs < last.endsAtMs - TOLERANCE_MS) {
      if (atMs > last.refusedAtMs + graceMs) last.lateAtMs.push(atMs);
      else last.onTheWay += 1;
      if (refusedForMs !== undefined) last.endsAtMs = Math.max(last.endsAtMs, atMs + refusedForMs);
      continue;
    }
    if (last !== undefined) last.nextCallAtMs ??= atMs;
    if (refusedForMs === undefined) continue;
    const window = { project, model, refusedAtMs: toldAtMs, endsAtMs: atMs + refusedForMs };
    windows.push({ ...window, onTheWay: 0, lateAtMs: [], nextCallAtMs: undefined });
  }
  return windows;
}
