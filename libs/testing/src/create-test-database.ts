import { randomBytes } from 'node:crypto';
import { withAdminClient } from '@sluice/platform-postgres/admin-client';
import { askTestStores } from './ask-test-stores.js';
import type { PostgresAddress } from './serve-test-stores.js';

export interface TestDatabase {
  readonly url: string;
  /** Drops it, ending every connection that is still open. */
  drop(): Promise<void>;
}

/** A migrated database of one's own, copied from the template. Take one per test file: a copy costs a tenth of a second or more. */
export async function createTestDatabase(
  options: { migrated: false } | { migrated?: true } = {},
): Promise<TestDatabase> {
  const { adminUrl, template } = await askTestStores<PostgresAddress>('/postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const source = options.migrated === false ? 'template1' : template;
  await withAdminClient(adminUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${source}`));
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () =>
      withAdminClient(
        adminUrl,
        async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
      ),
  };
}
