/** A process that lived this long had started well: its next failure counts as the first. */
const STABLE_AFTER_MS = 10_000;
const LONGEST_DELAY_MS = 5_000;

/** Failures in a row, this one included. */
export function countFailures({ before, livedMs }: { before: number; livedMs: number }): number {
  return livedMs >= STABLE_AFTER_MS ? 1 : before + 1;
}

/** At once after the first failure, then slower and slower; never giving up. */
export function restartDelayMs(failures: number): number {
  if (failures <= 1) return 0;
  return Math.min(LONGEST_DELAY_MS, 100 * 2 ** (failures - 1));
}
