import type { Pool } from 'pg';

/** Whether Postgres answers within the time; never throws. */
export async function isPostgresReady(postgres: { pool: Pool }, withinMs = 2_000): Promise<boolean> {
  // A pool without a free connection queues the question, so the wait needs a bound of its own.
  const answer = postgres.pool.query('SELECT 1').then(
    () => true,
    () => false,
  );
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, withinMs, false)));
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
}
