import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { createTestDatabase } from '@sluice/testing/create-test-database';
import type { TestDatabase } from '@sluice/testing/create-test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createPostgres } from './create-postgres.js';
import type { Postgres } from './create-postgres.js';
import { isRowFault } from './postgres-fault.js';
import { isPostgresReady } from './postgres-ready.js';
import type { QueryObservation } from './queryable.js';
import { defineStatement } from './statement.js';
import { withTransaction } from './transaction.js';

let database: TestDatabase;
let folder: string;
let postgres: Postgres;
const observations: QueryObservation[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(`${tmpdir()}/sluice-statements-`);
  postgres = createPostgres({
    url: database.url,
    applicationName: 'test',
    poolSize: 1,
    statementTimeoutMs: 300,
    observe: (observation) => observations.push(observation),
  });
});
afterAll(async () => {
  await postgres.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

async function writeStatement(name: string, sql: string): Promise<{ name: string; url: URL }> {
  const file = `${folder}/${name}.sql`;
  await writeFile(file, sql);
  return { name, url: pathToFileURL(file) };
}

const addSetting = () => writeStatement('add-setting', 'INSERT INTO setting (name, value) VALUES ($1, $2::jsonb)');

test('a statement is prepared once per connection, under its name', async () => {
  const definition = await writeStatement('add-numbers', 'SELECT $1::bigint + $2::bigint AS sum');
  const add = defineStatement<{ sum: number }, [number, number]>({ ...definition, row: z.object({ sum: z.int() }) });
  expect(await add.first(postgres, 1, 2)).toEqual({ sum: 3 });
  expect(await add.all(postgres, 3, 4)).toEqual([{ sum: 7 }]);
  const { rows } = await postgres.query({
    text: `SELECT name, generic_plans + custom_plans AS runs FROM pg_prepared_statements`,
  });
  expect(rows).toContainEqual({ name: 'add-numbers', runs: 2 });
});

test('a row that is not what the statement promises is refused', async () => {
  const definition = await writeStatement('wrong-row', `SELECT 'text' AS sum`);
  await expect(defineStatement({ ...definition, row: z.object({ sum: z.int() }) }).all(postgres)).rejects.toThrow(
    z.ZodError,
  );
});

test('a missing file and a name that Postgres would cut fail at once', () => {
  const url = pathToFileURL(`${folder}/none.sql`);
  expect(() => defineStatement({ name: 'none', url })).toThrow('ENOENT');
  expect(() => defineStatement({ name: 'x'.repeat(64), url })).toThrow('longer than 63 bytes');
});

test('every statement is observed, also the failing one', async () => {
  const divide = defineStatement(await writeStatement('divide', 'SELECT 1 / 0'));
  await expect(divide.run(postgres)).rejects.toSatisfy(isRowFault);
  expect(observations.at(-1)).toEqual({ statement: 'divide', durationMs: expect.any(Number), ok: false });
});

test('a transaction that throws leaves nothing, one that resolves is committed', async () => {
  const add = defineStatement<never, [string, string]>(await addSetting());
  const failing = withTransaction(postgres, async (transaction) => {
    expect(await add.run(transaction, 'lost', '1')).toBe(1);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  await withTransaction(postgres, (transaction) => add.run(transaction, 'kept', '1'));
  const { rows } = await postgres.query({ text: 'SELECT name FROM setting' });
  expect(rows).toEqual([{ name: 'kept' }]);
});

test('a statement that takes too long is ended, and the pool goes on', async () => {
  await expect(postgres.query({ text: 'SELECT pg_sleep(30)' })).rejects.toThrow('statement timeout');
  expect(await isPostgresReady(postgres)).toBe(true);
});

test('the loss of an idle connection is told and mended, and does not end the process', async () => {
  const lost = new Promise<Error>((resolve) => postgres.pool.once('error', resolve));
  const { rows } = await postgres.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' });
  const other = createPostgres({ url: database.url, applicationName: 'other' });
  await other.query({ text: 'SELECT pg_terminate_backend($1)', values: [rows[0]?.pid] });
  expect((await lost).message).toContain('terminat');
  expect(await isPostgresReady(postgres)).toBe(true);
  await other.close();
});

test('a database that cannot be reached is not ready', async () => {
  const nowhere = createPostgres({
    url: 'postgres://sluice@127.0.0.1:1/none',
    applicationName: 'test',
    connectTimeoutMs: 500,
  });
  expect(await isPostgresReady(nowhere)).toBe(false);
  await nowhere.close();
});
