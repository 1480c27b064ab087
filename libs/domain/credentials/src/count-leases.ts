import type { Redis } from '@sluice/platform-redis/redis';

const KEYS_AT_ONCE = 1_000;

/** Leases that are held now, by credential. Looks through all keys of the store: for an operator's glance, not for a hot path. */
export async function countLeases(redis: Redis, prefix: string): Promise<ReadonlyMap<string, number>> {
  const base = `${prefix}:pool:leases:`;
  const counts = new Map<string, number>();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${base}*`, 'COUNT', KEYS_AT_ONCE);
    cursor = next;
    const named = keys.map((key) => ({ key, parts: key.slice(base.length).split(':') }));
    // A third part is a model: its leases are counted without it, too.
    const whole = named.filter(({ parts }) => parts.length === 2);
    const sizes = await Promise.all(whole.map(({ key }) => redis.zcard(key)));
    for (const [index, { parts }] of whole.entries()) {
      const [id = ''] = parts;
      counts.set(id, (counts.get(id) ?? 0) + (sizes[index] ?? 0));
    }
  } while (cursor !== '0');
  return counts;
}
