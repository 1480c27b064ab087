import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until there is an answer; throws `message` after the deadline, or at once when it can no longer come. */
export async function waitUntil<T>(
  ask: () => Promise<T | undefined>,
  { deadlineMs, message, isHopeless }: { deadlineMs: number; message: string; isHopeless?: () => boolean },
): Promise<T> {
  const endsAt = performance.now() + deadlineMs;
  while (performance.now() < endsAt) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    if (isHopeless?.() === true) break;
    await delay(50);
  }
  throw new Error(message);
}
