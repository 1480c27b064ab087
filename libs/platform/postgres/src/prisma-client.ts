import type { Postgres } from './create-postgres.js';
import type { PrismaClient } from './generated/client.js';

export type { PrismaClient } from './generated/client.js';

/** Prisma on the pool that is already there. Imported only here and now: a process that never asks does not load it. */
export async function createPrismaClient(postgres: Postgres): Promise<PrismaClient> {
  const [{ PrismaPg }, generated] = await Promise.all([import('@prisma/adapter-pg'), import('./generated/client.js')]);
  return new generated.PrismaClient({ adapter: new PrismaPg(postgres.pool) });
}
