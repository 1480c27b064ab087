import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';

/** Something that is done again and again, by one process of all that could. */
export interface Chore {
  name: string;
  everyMs: number;
  run(): Promise<unknown>;
}

const claimChore = defineStatement<{ name: string }, [name: string, everyMs: number]>({
  name: 'claim-chore',
  url: new URL('../sql/claim-chore.sql', import.meta.url),
});

/** Starts the chores of a process; each time one is due, the process that comes first does it. Returns how to end it. */
export function startChores(options: {
  postgres: Queryable;
  chores: readonly Chore[];
  clock: Clock;
  onError(error: unknown): void;
}): () => void {
  const { postgres, chores, clock, onError } = options;
  let isStopped = false;
  const cancels = new Map<string, () => void>();

  const schedule = (chore: Chore) => {
    if (!isStopped)
      cancels.set(
        chore.name,
        clock.after(chore.everyMs, () => void turn(chore)),
      );
  };
  const turn = async (chore: Chore) => {
    try {
      if (await claimChore.first(postgres, chore.name, chore.everyMs)) await chore.run();
    } catch (error) {
      onError(error);
    }
    schedule(chore);
  };

  for (const chore of chores) void turn(chore);
  return () => {
    isStopped = true;
    for (const cancel of cancels.values()) cancel();
  };
}
