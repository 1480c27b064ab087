import type { AuditEntry } from '@sluice/domain-accounts/audit-log';
import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { registerImport } from './register-import.js';

it('notes what it took beside credentials, in words that hold no secret', async () => {
  const entries: AuditEntry[] = [];
  const server = fastify();
  registerImport(server, {
    imports: {
      run: async function* () {
        yield [
          { row: 1, status: 'created', id: 'cred_1' },
          { row: 1, status: 'told', taken: ['2 API keys', 'PROXIES'], left: [], settings: {} },
        ];
      },
    } as never,
    audit: { record: async (entry: AuditEntry) => void entries.push(entry) } as never,
    takeRest: async () => ({}),
    onImported: async () => undefined,
  });
  await server.inject({ method: 'POST', url: '/admin/api/credentials/import?also=apiKeys', payload: '{}' });
  await server.close();
  expect(entries).toMatchObject([
    { action: 'credentials.import', detail: { created: 1, told: 1, alsoTaken: ['2 API keys', 'PROXIES'] } },
  ]);
});
