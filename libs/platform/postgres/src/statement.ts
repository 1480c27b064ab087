import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { Queryable } from './queryable.js';

/** One SQL statement of the hot path, as a function. Prepared once per connection under its name. */
export interface Statement<Row extends object, Parameters extends readonly unknown[]> {
  readonly name: string;
  readonly text: string;
  all(on: Queryable, ...parameters: Parameters): Promise<Row[]>;
  first(on: Queryable, ...parameters: Parameters): Promise<Row | undefined>;
  /** Answers how many rows were changed. */
  run(on: Queryable, ...parameters: Parameters): Promise<number>;
}

export interface StatementDefinition<Row extends object> {
  /** Unique in the whole program: connections keep the statement under it. */
  readonly name: string;
  /** The SQL file: `new URL('../sql/<name>.sql', import.meta.url)` is right from `src` and from `dist`. */
  readonly url: URL;
  /** Checks every row; absent where the SQL and the type are plainly the same. */
  readonly row?: z.ZodType<Row>;
}

/** Postgres cuts longer names short, and two statements could become one. */
const longestNameBytes = 63;

/** Reads the file at once: a missing statement fails the start of the process, not a request. */
export function defineStatement<Row extends object, Parameters extends readonly unknown[]>(
  definition: StatementDefinition<Row>,
): Statement<Row, Parameters> {
  const { name, url, row } = definition;
  if (Buffer.byteLength(name) > longestNameBytes)
    throw new Error(`Statement ${name}: the name is longer than ${longestNameBytes} bytes.`);
  const text = readFileSync(url, 'utf8');
  const execute = (on: Queryable, values: readonly unknown[]) => on.query<Row>({ name, text, values });
  const all = async (on: Queryable, ...parameters: Parameters): Promise<Row[]> => {
    const { rows } = await execute(on, parameters);
    return row ? rows.map((fields) => row.parse(fields)) : rows;
  };
  return {
    name,
    text,
    all,
    first: async (on, ...parameters) => (await all(on, ...parameters))[0],
    run: async (on, ...parameters) => (await execute(on, parameters)).rowCount ?? 0,
  };
}
