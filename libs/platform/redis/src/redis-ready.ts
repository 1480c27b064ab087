import { once } from 'node:events';
import type { Redis } from './redis.js';

/** Resolves when the connection serves commands; rejects when `signal` ends first. */
export async function redisReady(redis: Redis, signal: AbortSignal): Promise<void> {
  if (redis.status === 'ready') return;
  const stop = new AbortController();
  try {
    // `once` would reject on the first 'error', but a refused connection is retried: only 'ready' counts.
    await new Promise<void>((resolve, reject) => {
      redis.once('ready', () => resolve());
      once(signal, 'abort', { signal: stop.signal }).then(
        () => reject(signal.reason),
        () => undefined,
      );
      if (signal.aborted) reject(signal.reason);
    });
  } finally {
    stop.abort();
  }
}
