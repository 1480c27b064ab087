import { migrate } from '@sluice/platform-postgres/migrate';
import { withAdminClient } from '@sluice/platform-postgres/admin-client';
import type { PostgresAddress } from './serve-test-stores.js';
import type { PostgresServer } from './start-postgres-server.js';

const template = 'sluice_template';

/** The migrated database that every test database is a copy of. */
export async function createPostgresTemplate(server: PostgresServer): Promise<PostgresAddress> {
  const adminUrl = server.urlOf('postgres');
  await withAdminClient(adminUrl, (client) => client.query(`CREATE DATABASE ${template}`));
  await migrate({ url: server.urlOf(template) });
  return { adminUrl, template };
}
