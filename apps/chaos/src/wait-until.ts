import { setTimeout as delay } from 'node:timers/promises';

/** Asks until there is an answer; a failure counts as none, and is told when time is up. */
export async function waitUntil<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  { withinMs, everyMs = 200 }: { withinMs: number; everyMs?: number },
): Promise<T> {
  const endsAtMs = Date.now() + withinMs;
  let reason = '';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      reason = ` (${error instanceof Error ? error.message : String(error)})`;
    }
    if (Date.now() > endsAtMs) throw new Error(`${what}: not within ${withinMs} ms${reason}`);
    await delay(everyMs);
  }
}
