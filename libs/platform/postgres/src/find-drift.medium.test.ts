import { createTestDatabase } from '@sluice/testing/create-test-database';
import type { TestDatabase } from '@sluice/testing/create-test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withAdminClient } from './admin-client.js';
import { findDrift } from './find-drift.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('the migrated database is what the schema says', async () => {
  expect(await findDrift({ url: database.url })).toBeUndefined();
});

test('a column that the schema does not know is drift', async () => {
  await withAdminClient(database.url, (client) => client.query('ALTER TABLE generation ADD COLUMN stray TEXT'));
  expect(await findDrift({ url: database.url })).toContain('DROP COLUMN "stray"');
});
