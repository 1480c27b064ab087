import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a while; ends early, without an error, when the connection is gone. */
export async function wait(durationMs: number | undefined, signal: AbortSignal): Promise<void> {
  if (durationMs === undefined || durationMs === 0 || signal.aborted) return;
  await delay(durationMs, undefined, { signal }).catch(() => undefined);
}

/** Waits until the connection is gone, however long that takes. */
export function waitUntilGone(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
