import type { Clock } from '@sluice/contracts/clock';

/** Stands for a while in which nothing came. */
export const QUIET = Symbol('quiet');

/** What comes, as it comes, and `QUIET` for every `everyMs` without any. */
export async function* orQuiet<Item>(
  items: AsyncIterable<Item>,
  { clock, everyMs }: { clock: Clock; everyMs: number },
): AsyncGenerator<Item | typeof QUIET> {
  const iterator = items[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const came = await raceQuiet(next, { clock, everyMs });
      if (came === QUIET) yield QUIET;
      else if (came.done) return;
      else {
        yield came.value;
        next = iterator.next();
      }
    }
  } finally {
    // Whoever left does not wait for what has not come.
    next.catch(() => undefined);
    void iterator.return?.();
  }
}

async function raceQuiet<Next>(next: Promise<Next>, options: { clock: Clock; everyMs: number }) {
  let stop = () => {};
  const quiet = new Promise<typeof QUIET>((resolve) => {
    stop = options.clock.after(options.everyMs, () => resolve(QUIET));
  });
  try {
    return await Promise.race([next, quiet]);
  } finally {
    stop();
  }
}
