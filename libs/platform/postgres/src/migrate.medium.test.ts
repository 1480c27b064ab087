import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createTestDatabase } from '@sluice/testing/create-test-database';
import type { TestDatabase } from '@sluice/testing/create-test-database';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withAdminClient } from './admin-client.js';
import { migrate } from './migrate.js';
import { MigrationError } from './migration-error.js';

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await createTestDatabase({ migrated: false });
  folder = await mkdtemp(`${tmpdir()}/sluice-migrations-`);
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

async function writeMigration(name: string, sql: string): Promise<void> {
  await mkdir(`${folder}/${name}`, { recursive: true });
  await writeFile(`${folder}/${name}/migration.sql`, sql);
}

const migrateFolder = (retry?: string) =>
  migrate({ url: database.url, migrationsFolder: folder, ...(retry ? { retry } : {}) });

const query = async (text: string) =>
  (await withAdminClient(database.url, (client) => client.query(text))).rows as unknown[];

test('five runners at once apply every migration exactly once', async () => {
  const results = await Promise.all([1, 2, 3, 4, 5].map(() => migrate({ url: database.url })));
  const rows = await query(
    'SELECT migration_name, applied_steps_count FROM _prisma_migrations ORDER BY migration_name',
  );
  const names = (await readdir(new URL('../../../../prisma/migrations', import.meta.url))).filter((name) =>
    /^\d/.test(name),
  );
  expect(rows).toEqual(names.toSorted().map((name) => ({ migration_name: name, applied_steps_count: 1 })));
  expect(results.flatMap((result) => result.applied)).toHaveLength(names.length);
});

test('a migration is one transaction, whatever semicolons its functions hold', async () => {
  await writeMigration('1_broken', `CREATE TABLE left_over (id INT); DO $$ BEGIN PERFORM 1; PERFORM 1 / 0; END $$;`);
  await expect(migrateFolder()).rejects.toThrow('division by zero');
  expect(await query(`SELECT to_regclass('left_over') AS left_over`)).toEqual([{ left_over: null }]);
});

test('a migration that failed before stops the next run with its name and its cause, until it is retried', async () => {
  await writeMigration('1_broken', 'SELECT 1 / 0');
  await expect(migrateFolder()).rejects.toThrow(MigrationError);
  await expect(migrateFolder()).rejects.toThrow(/1_broken failed at .*--retry 1_broken[^]*division by zero/);
  await writeMigration('1_broken', 'CREATE TABLE mended (id INT)');
  expect(await migrateFolder('1_broken')).toEqual({ applied: ['1_broken'] });
  expect(await migrateFolder()).toEqual({ applied: [] });
});

test('a migration whose process was killed is applied again', async () => {
  await writeMigration('1_first', 'CREATE TABLE first (id INT)');
  await migrateFolder();
  await query('DROP TABLE first');
  await query('UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0');
  expect(await migrateFolder()).toEqual({ applied: ['1_first'] });
  expect(await query(`SELECT to_regclass('first')::TEXT AS first`)).toEqual([{ first: 'first' }]);
});

test('a migration that was edited after it was applied is refused', async () => {
  await writeMigration('1_first', 'CREATE TABLE first (id INT)');
  await migrateFolder();
  await writeMigration('1_first', 'CREATE TABLE other (id INT)');
  await expect(migrateFolder()).rejects.toThrow('1_first was changed after it had been applied');
});

test('an older release starts on the database of a newer one', async () => {
  await writeMigration('1_first', 'CREATE TABLE first (id INT)');
  await writeMigration('2_second', 'CREATE TABLE second (id INT)');
  await migrateFolder();
  await rm(`${folder}/2_second`, { recursive: true });
  expect(await migrateFolder()).toEqual({ applied: [] });
});
