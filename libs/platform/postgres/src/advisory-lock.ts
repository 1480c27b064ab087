import type { ClientBase } from 'pg';

/**
 * Runs `work` while this session holds the cluster-wide lock named `key`, waiting for it as long as it takes. The lock is
 * bound to the session of `client`: it ends with the connection, so a killed process never leaves it behind.
 */
export async function withAdvisoryLock<Result>(
  client: ClientBase,
  key: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [key]);
  try {
    return await work();
  } finally {
    await unlock(client, key);
  }
}

/** A failure here means that the connection is gone, and the lock with it; it must not hide the error of the work. */
async function unlock(client: ClientBase, key: string): Promise<void> {
  await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [key]).catch(() => undefined);
}
