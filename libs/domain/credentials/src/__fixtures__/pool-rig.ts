import { randomBytes } from 'node:crypto';
import { systemClock } from '@sluice/contracts/clock';
import type { Flag } from '@sluice/platform-config/flag';
import { createLogger } from '@sluice/platform-logger/logger';
import { createPostgres } from '@sluice/platform-postgres/create-postgres';
import { Listener } from '@sluice/platform-postgres/listener';
import { createRedis } from '@sluice/platform-redis/create-redis';
import { redisReady } from '@sluice/platform-redis/redis-ready';
import { createTestDatabase } from '@sluice/testing/create-test-database';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import { createCredentialPool } from '../create-credential-pool.js';
import { createCredentialAdmin } from '../create-credential-admin.js';
import type { CredentialPool, Sessions } from '../credential-pool.js';
import type { Turn } from '../credential-source.js';
import { CredentialRepository } from '../credential-repository.js';
import { createDataKeyRepository } from '../data-key-repository.js';
import { LeaseStore } from '../lease-store.js';
import { parseMasterKeys } from '../master-keys.js';
import { Vault } from '../vault.js';

/** A pool on real stores, with the admin side beside it; `newPool` is another worker of the same cluster. */
export async function createPoolRig({ leaseMs = 30_000, demo = 'auto', redisUrl }: { leaseMs?: number; demo?: Flag; redisUrl?: string } = {}) {
  const database = await createTestDatabase();
  const url = redisUrl ?? (await createTestRedis()).url;
  const logger = createLogger({ service: 'test', level: 'silent' });
  const onError = () => undefined;
  const redis = createRedis({ url, role: 'request', name: 'test', onError, commandTimeoutMs: 2_000 });
  await redisReady(redis, AbortSignal.timeout(5_000));
  const postgres = createPostgres({ url: database.url, applicationName: 'test' });
  const listener = new Listener({ url: database.url, applicationName: 'test' });
  const vault = await Vault.open({ store: createDataKeyRepository(postgres), masterKeys: parseMasterKeys('a master key of the tests') });
  const prefix = `test-${randomBytes(4).toString('hex')}`;
  const repository = new CredentialRepository(postgres);
  const leases = new LeaseStore({ redis, prefix, leaseMs });
  const services = createCredentialAdmin({ postgres, vault, leases, clock: systemClock, logger });
  const { admin } = services;
  const pools: CredentialPool[] = [];
  return {
    admin, services, repository, postgres, redis, prefix, leases, vault, listener, logger,
    /** `aheadMs`: how wrong the clock of its machine is. */
    async newPool({ aheadMs = 0, onTurn, sessions }: { aheadMs?: number; onTurn?(turn: Turn): Promise<boolean>; sessions?: Sessions } = {}): Promise<CredentialPool> {
      const clock = { ...systemClock, now: () => Date.now() + aheadMs };
      const pool = await createCredentialPool({ postgres, listener, redis, prefix, vault, demo, leaseMs, logger, clock, ...(onTurn && { onTurn }), ...(sessions && { sessions }) });
      pools.push(pool);
      return pool;
    },
    async close(): Promise<void> {
      for (const pool of pools) await pool.close();
      await listener.close();
      await postgres.close();
      redis.disconnect();
      await database.drop();
    },
  };
}

export type PoolRig = Awaited<ReturnType<typeof createPoolRig>>;
