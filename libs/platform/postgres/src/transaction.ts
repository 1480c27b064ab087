import type { Postgres } from './create-postgres.js';
import { observed } from './queryable.js';
import type { Queryable } from './queryable.js';

/** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
export async function withTransaction<Result>(
  postgres: Postgres,
  work: (transaction: Queryable) => Promise<Result>,
): Promise<Result> {
  const client = await postgres.pool.connect();
  let broken = false;
  try {
    await client.query('BEGIN');
    const result = await work(observed(client, postgres.observe));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A connection that cannot even roll back is in an unknown state and must not serve anybody else.
    await client.query('ROLLBACK').catch(() => (broken = true));
    throw error;
  } finally {
    client.release(broken);
  }
}
