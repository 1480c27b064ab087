import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until there is an answer; throws `message` after the deadline. */
export async function waitUntil<T>(
  ask: () => Promise<T | undefined>,
  { deadlineMs, message }: { deadlineMs: number; message: string },
): Promise<T> {
  const endsAt = performance.now() + deadlineMs;
  while (performance.now() < endsAt) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    await delay(50);
  }
  throw new Error(message);
}
