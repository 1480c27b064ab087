/** Where a statement can run: on the pool, or within a transaction. */
export interface Queryable {
  query<Row extends object>(query: Query): Promise<QueryOutcome<Row>>;
}

export interface Query {
  /** With a name it is prepared once per connection and then only executed. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

export interface QueryOutcome<Row> {
  readonly rows: Row[];
  readonly rowCount: number | null;
}

/** One finished query, for metrics. */
export interface QueryObservation {
  /** Name of the statement; `unnamed` for ad-hoc SQL. */
  readonly statement: string;
  readonly durationMs: number;
  readonly ok: boolean;
}

export type ObserveQuery = (observation: QueryObservation) => void;

/** The part of pg's pool and clients that is used. */
interface PgQueryable {
  query(query: {
    name?: string;
    text: string;
    values?: unknown[];
  }): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

export function observed(target: PgQueryable, observe: ObserveQuery | undefined): Queryable {
  const execute = <Row>(query: Query) =>
    target.query(query as Parameters<PgQueryable['query']>[0]) as Promise<QueryOutcome<Row>>;
  if (!observe) return { query: execute };
  return {
    async query<Row extends object>(query: Query) {
      const startedAt = performance.now();
      let ok = false;
      try {
        const outcome = await execute<Row>(query);
        ok = true;
        return outcome;
      } finally {
        observe({ statement: query.name ?? 'unnamed', durationMs: performance.now() - startedAt, ok });
      }
    },
  };
}
