import type { Clock } from '@sluice/contracts/clock';
import { maintainGenerationPartitions } from '@sluice/platform-postgres/generation-partitions';
import type { Queryable } from '@sluice/platform-postgres/queryable';

const EVERY_MS = 60 * 60_000;
const AGAIN_MS = 60_000;
const DAY_MS = 24 * EVERY_MS;

/** Makes the coming days' partitions and drops those past the retention, and whatever else `purge` finds too old; every replica may. Returns how to end it. */
export function startUpkeep(options: {
  postgres: Queryable;
  clock: Clock;
  retentionDays: number;
  purge(keptMs: number): Promise<unknown>;
  onError(error: unknown): void;
}): () => void {
  const { postgres, clock, retentionDays, purge, onError } = options;
  let cancel = () => {};
  let isStopped = false;
  const schedule = (delayMs: number) => {
    if (!isStopped) cancel = clock.after(delayMs, run);
  };
  const run = () => {
    maintainGenerationPartitions(postgres, { retentionDays, nowMs: clock.now() })
      .then(() => purge(retentionDays * DAY_MS))
      .then(
        () => schedule(EVERY_MS),
        (error: unknown) => {
          onError(error);
          schedule(AGAIN_MS);
        },
      );
  };
  run();
  return () => {
    isStopped = true;
    cancel();
  };
}
