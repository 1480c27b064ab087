import type { Redis } from './redis.js';

/**
 * A store that evicts keys loses jobs and leases without a word, so it is refused. Where the policy cannot be read
 * (managed stores forbid CONFIG), `warn` is told and the start goes on.
 */
export async function assertNoEviction(redis: Redis, warn: (message: string) => void): Promise<void> {
  const policy = await readPolicy(redis);
  if (policy === undefined) {
    warn('The eviction policy of Redis cannot be read; make sure that maxmemory-policy is noeviction.');
    return;
  }
  if (policy === 'noeviction') return;
  throw new Error(
    `Redis may evict keys (maxmemory-policy is ${policy}), which loses jobs and leases. ` +
      'Set it to noeviction: redis-cli CONFIG SET maxmemory-policy noeviction, and in redis.conf.',
  );
}

/** The store's own clock: the one that all replicas share. */
export async function redisTimeMs(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
}

async function readPolicy(redis: Redis): Promise<string | undefined> {
  try {
    const reply: unknown = await redis.config('GET', 'maxmemory-policy');
    return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : undefined;
  } catch (error) {
    if (error instanceof Error && /^(ERR|NOPERM)\b/.test(error.message)) return undefined;
    throw error;
  }
}
