import { isRowFault } from '@sluice/platform-postgres/postgres-fault';

interface Asked<Item, Result> {
  item: Item;
  resolve(result: Result | undefined): void;
  reject(error: unknown): void;
}

const MOST_AT_ONCE = 200;
const STATEMENTS_AT_ONCE = 2;

/**
 * What comes while statements run waits for the next one: under load a commit carries many rows, alone nothing waits.
 * `write` answers by id. What the database refuses spoils only itself: then each of its batch goes alone.
 */
export function gatherWrites<Item extends { id: string }, Result>(
  write: (items: readonly Item[]) => Promise<ReadonlyMap<string, Result>>,
): (item: Item) => Promise<Result | undefined> {
  const waiting: Asked<Item, Result>[] = [];
  let running = 0;

  const writeAll = async (batch: readonly Asked<Item, Result>[]): Promise<void> => {
    try {
      const results = await write(batch.map(({ item }) => item));
      for (const { item, resolve } of batch) resolve(results.get(item.id));
    } catch (error) {
      if (batch.length > 1 && isRowFault(error)) for (const one of batch) await writeAll([one]);
      else for (const { reject } of batch) reject(error);
    }
  };
  const flush = async (): Promise<void> => {
    if (running >= STATEMENTS_AT_ONCE) return;
    running += 1;
    for (let batch = take(waiting); batch.length > 0; batch = take(waiting)) await writeAll(batch);
    running -= 1;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (waiting.length === 1) setImmediate(() => void flush());
    });
}

/** A row is written once in a statement. */
function take<Item extends { id: string }, Result>(waiting: Asked<Item, Result>[]): Asked<Item, Result>[] {
  const ids = new Set<string>();
  const batch: Asked<Item, Result>[] = [];
  while (batch.length < MOST_AT_ONCE) {
    const next = waiting[0];
    if (!next || ids.has(next.item.id)) break;
    ids.add(next.item.id);
    batch.push(next);
    waiting.shift();
  }
  return batch;
}
