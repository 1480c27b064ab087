import type { Redis } from '@sluice/platform-redis/redis';

const KEYS_AT_ONCE = 1_000;

/** Leases that are held now, by credential. Looks through all keys of the store: for an operator's glance, not for a hot path. */
export async function countLeases(redis: Redis, prefix: string): Promise<ReadonlyMap<string, number>> {
  const base = `${prefix}:pool:leases:`;
  const counts = new Map<string, number>();
  const [seconds = 0] = await redis.time();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${base}*`, 'COUNT', KEYS_AT_ONCE);
    cursor = next;
    const named = keys.map((key) => ({ key, parts: key.slice(base.length).split(':') }));
    // A third part is a model: its leases are counted without it, too.
    const whole = named.filter(({ parts }) => parts.length === 2);
    // What has ended and was not cleared away yet does not count.
    const sizes = await Promise.all(whole.map(({ key }) => redis.zcount(key, seconds * 1_000, '+inf')));
    for (const [index, { parts }] of whole.entries()) {
      const [id = ''] = parts;
      const size = sizes[index] ?? 0;
      if (size > 0) counts.set(id, (counts.get(id) ?? 0) + size);
    }
  } while (cursor !== '0');
  return counts;
}
