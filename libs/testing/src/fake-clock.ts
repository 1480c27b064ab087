import type { Clock } from '@sluice/contracts/clock';

/** A clock that stands still until the test moves it. */
export interface FakeClock extends Clock {
  /** Moves time on, running everything that falls due in order; promises settle between one callback and the next. */
  advance(byMs: number): Promise<void>;
  /** How many callbacks wait for their time. */
  pendingCount(): number;
}

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

export function createFakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let nowMs = startMs;
  const timers = new Set<Timer>();
  const nextDue = (untilMs: number): Timer | undefined =>
    [...timers].filter((timer) => timer.dueMs <= untilMs).toSorted((left, right) => left.dueMs - right.dueMs)[0];
  return {
    now: () => nowMs,
    after(delayMs, callback) {
      const timer = { dueMs: nowMs + Math.max(0, delayMs), callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(byMs) {
      const untilMs = nowMs + byMs;
      await settle();
      for (let timer = nextDue(untilMs); timer; timer = nextDue(untilMs)) {
        timers.delete(timer);
        nowMs = timer.dueMs;
        timer.callback();
        await settle();
      }
      nowMs = untilMs;
    },
    pendingCount: () => timers.size,
  };
}

/** One turn of the event loop: every promise that can settle without outside help has. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
