import { createTestDatabase } from '@sluice/testing/create-test-database';
import { expect, test } from 'vitest';
import { createPostgres } from './create-postgres.js';
import { createPrismaClient } from './prisma-client.js';

test('Prisma reads and writes through the pool that is already there', async () => {
  const database = await createTestDatabase();
  const postgres = createPostgres({ url: database.url, applicationName: 'test', poolSize: 1 });
  const prisma = await createPrismaClient(postgres);
  const secret = new Uint8Array([1, 2, 3]);
  await prisma.credential.create({
    data: { id: 'c1', upstream: 'openai', kind: 'key', label: 'one', identity: 'hash', secret },
  });
  const credential = await prisma.credential.findUniqueOrThrow({ where: { id: 'c1' } });
  expect(credential).toMatchObject({ secret, epoch: 0n, tags: [], state: 'ready', createdAt: expect.any(Date) });
  await prisma.$disconnect();
  expect((await postgres.query({ text: 'SELECT id FROM credential' })).rows).toEqual([{ id: 'c1' }]);
  await postgres.close();
  await database.drop();
});
