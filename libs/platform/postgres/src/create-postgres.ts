import { Pool, types } from 'pg';
import type { CustomTypesConfig } from 'pg';
import { observed } from './queryable.js';
import type { ObserveQuery, Queryable } from './queryable.js';

export interface PostgresOptions {
  readonly url: string;
  /** Shown in `pg_stat_activity`: which process this is. */
  readonly applicationName: string;
  readonly poolSize?: number;
  readonly statementTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** Told when an idle connection breaks; the pool has already replaced it. */
  readonly onError?: (error: Error) => void;
  readonly observe?: ObserveQuery;
}

export interface Postgres extends Queryable {
  /** For what needs a connection of its own (transactions, locks) and for Prisma. */
  readonly pool: Pool;
  readonly observe: ObserveQuery | undefined;
  /** Waits for what runs, then closes every connection. */
  close(): Promise<void>;
}

export function createPostgres(options: PostgresOptions): Postgres {
  const statementTimeoutMs = options.statementTimeoutMs ?? 10_000;
  const pool = new Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: statementTimeoutMs,
    // The server ends a statement first; this bounds the wait when the server itself is out of reach.
    query_timeout: statementTimeoutMs + 1_000,
    idle_in_transaction_session_timeout: statementTimeoutMs * 3,
    types: numericTypes,
  });
  // Without a listener, the loss of an idle connection would end the process.
  pool.on('error', (error) => options.onError?.(error));
  return { ...observed(pool, options.observe), pool, observe: options.observe, close: () => pool.end() };
}

/** bigint as a number: our counters, epochs and ids of audit events stay far below 2^53. */
const numericTypes: CustomTypesConfig = {
  getTypeParser: (id, format) =>
    id === types.builtins.INT8 && format !== 'binary' ? Number : types.getTypeParser(id, format),
};
