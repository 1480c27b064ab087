import { createTestDatabase } from '@sluice/testing/create-test-database';
import type { TestDatabase } from '@sluice/testing/create-test-database';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPostgres } from './create-postgres.js';
import type { Postgres } from './create-postgres.js';
import { maintainGenerationPartitions } from './generation-partitions.js';

let database: TestDatabase;
let postgres: Postgres;

beforeEach(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
});
afterEach(async () => {
  await postgres.close();
  await database.drop();
});

const insert = (id: string, createdAt: string) =>
  postgres.query({
    text: `INSERT INTO generation (id, created_at, kind, class, status, owner_key_id, dialect, model)
           VALUES ($1, $2, 'chat', 'interactive', 'succeeded', 'key', 'openai-chat', 'model')`,
    values: [id, createdAt],
  });

/** Where each row lies. */
const places = async () => {
  const { rows } = await postgres.query<{ id: string; place: string }>({
    text: `SELECT id, tableoid::regclass::text AS place FROM generation ORDER BY id`,
  });
  return Object.fromEntries(rows.map((row) => [row.id, row.place]));
};

const upkeep = (day: string, retentionDays = 7) =>
  maintainGenerationPartitions(postgres, { nowMs: Date.parse(`${day}T12:00:00Z`), retentionDays });

test('a row of a day without a partition is kept, and moves to its day when the partition is made', async () => {
  await insert('a', '2031-05-02T00:00:00Z');
  await insert('b', '2031-05-09T23:59:59Z');
  expect(await places()).toEqual({ a: 'partitions.generation_default', b: 'partitions.generation_default' });
  expect((await upkeep('2031-05-01')).created).toBe(3);
  expect(await places()).toEqual({ a: 'partitions.generation_20310502', b: 'partitions.generation_default' });
});

test('upkeep by five processes at once makes each partition once', async () => {
  const results = await Promise.all([1, 2, 3, 4, 5].map(() => upkeep('2031-05-01')));
  expect(results.reduce((sum, result) => sum + result.created, 0)).toBe(3);
});

test('what is past the retention is dropped, and nothing younger', async () => {
  await insert('stray', '2020-01-01T00:00:00Z');
  await upkeep('2031-05-01');
  await insert('old', '2031-05-01T12:00:00Z');
  await insert('kept', '2031-05-02T00:00:00Z');
  const { dropped } = await upkeep('2031-05-09', 7);
  expect(dropped).toContain('generation_20310501');
  expect(dropped).not.toContain('generation_20310502');
  expect(await places()).toEqual({ kept: 'partitions.generation_20310502' });
});

test('a partition has the indexes and the compression of the whole', async () => {
  // Named outright, since not every build of Postgres has lz4.
  await postgres.query({ text: 'ALTER TABLE generation ALTER COLUMN events SET COMPRESSION pglz' });
  await upkeep('2031-05-01');
  const { rows } = await postgres.query({
    text: `SELECT (SELECT count(*) FROM pg_index WHERE indrelid = relation.oid) AS indexes, attcompression::text AS compression
           FROM pg_class relation JOIN pg_attribute ON attrelid = relation.oid AND attname = 'events'
           WHERE relname = 'generation_20310501'`,
  });
  expect(rows).toEqual([{ indexes: 3, compression: 'p' }]);
});
