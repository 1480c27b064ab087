import type { Redis } from 'ioredis';

/** For connections that do not wait by themselves: a command before the first connection would fail at once. */
export function untilReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => redis.once('ready', () => resolve()));
}
