import type { Clock } from '@sluice/contracts/clock';

/** What is paid is not forgotten for want of a database. */
export const SAVE_FOR_MS = 5 * 60_000;

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Does again what a store of ours did not take: for what is paid already and must not be forgotten. `isFinal` tells the
 * failures that no repetition mends.
 */
export async function insist<Result>(
  work: () => Promise<Result>,
  options: { forMs: number; clock: Clock; isFinal(error: unknown): boolean },
): Promise<Result> {
  const { forMs, clock, isFinal } = options;
  const untilMs = clock.now() + forMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (isFinal(error) || clock.now() + pauseMs > untilMs) throw error;
      await new Promise<void>((resolve) => void clock.after(pauseMs, resolve));
    }
  }
}
