import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  withinMs?: number;
  everyMs?: number;
}

/** Asks again and again until there is an answer; fails with `what` was awaited, and the last reason it was not there. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { withinMs = 10_000, everyMs = 25 }: Patience = {},
): Promise<T> {
  const endsAt = performance.now() + withinMs;
  let reason = '';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      reason = ` (${error instanceof Error ? error.message : String(error)})`;
    }
    if (performance.now() > endsAt) throw new Error(`${what}: not within ${withinMs} ms${reason}`);
    await delay(everyMs);
  }
}
