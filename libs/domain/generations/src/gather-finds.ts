import type { DurableRow } from './durable-row.js';

interface Asked {
  resolve(row: DurableRow | undefined): void;
  reject(error: unknown): void;
}

/** What comes beyond this is asked for in a statement of its own. */
const LARGEST_BATCH = 200;

/** Look-ups that come in one turn of the event loop are one statement: thousands of pollers cost as many as there are turns. */
export function gatherFinds(
  findMany: (ids: readonly string[]) => Promise<DurableRow[]>,
): (id: string) => Promise<DurableRow | undefined> {
  let asked = new Map<string, Asked[]>();

  const ask = async (batch: Map<string, Asked[]>) => {
    try {
      const rows = new Map((await findMany([...batch.keys()])).map((row) => [row.id, row]));
      for (const [id, all] of batch) for (const one of all) one.resolve(rows.get(id));
    } catch (error) {
      for (const all of batch.values()) for (const one of all) one.reject(error);
    }
  };
  const flush = () => {
    const batch = asked;
    asked = new Map();
    if (batch.size > 0) void ask(batch);
  };

  return (id) =>
    new Promise((resolve, reject) => {
      if (asked.size === 0) setImmediate(flush);
      else if (asked.size >= LARGEST_BATCH) flush();
      const all = asked.get(id);
      if (all) all.push({ resolve, reject });
      else asked.set(id, [{ resolve, reject }]);
    });
}
