import { systemClock } from '@sluice/contracts/clock';
import { CredentialDirectory } from '@sluice/domain-credentials/credential-directory';
import { CredentialPool } from '@sluice/domain-credentials/credential-pool';
import { CredentialReporter } from '@sluice/domain-credentials/credential-report';
import { CredentialRepository } from '@sluice/domain-credentials/credential-repository';
import { LeaseStore } from '@sluice/domain-credentials/lease-store';
import { PoolMemory } from '@sluice/domain-credentials/pool-memory';
import { TurnGiver } from '@sluice/domain-credentials/turn-giver';
import { createLogger } from '@sluice/platform-logger/logger';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { Listener } from '@sluice/platform-postgres/listener';
import { migrate } from '@sluice/platform-postgres/migrate';
import { createRedis } from '@sluice/platform-redis/create-redis';
import type { Redis } from '@sluice/platform-redis/redis';
import { startPostgresServer } from '@sluice/testing/start-postgres-server';
import { startLocalRedis } from '../targets/local-redis.js';

const PREFIX = 'bench';
const LEASE_MS = 30_000;

/** The pool on stores of its own, as a worker has it; secrets are not sealed, since opening one is not what is measured. */
export interface PoolStand {
  postgres: Postgres;
  redis: Redis;
  memory: PoolMemory;
  /** A worker's pool, with all credentials read. */
  openPool(): Promise<CredentialPool>;
  stop(): Promise<void>;
}

export async function startPoolStand(): Promise<PoolStand> {
  const server = await startPostgresServer();
  const url = server.urlOf('postgres');
  await migrate({ url });
  const redisServer = await startLocalRedis();
  const redis = createRedis({
    url: `redis://127.0.0.1:${redisServer.port}`,
    role: 'worker',
    name: 'bench',
    onError: () => undefined,
  });
  const postgres = createPostgres({ url, applicationName: 'bench' });
  const logger = createLogger({ service: 'bench', level: 'silent' });
  const memory = new PoolMemory({ postgres, redis, prefix: PREFIX, membersOf: (owner) => [owner] });
  return {
    postgres,
    redis,
    memory,
    openPool: () => openPool({ url, postgres, redis, logger }),
    async stop() {
      redis.disconnect();
      await postgres.close();
      await redisServer.stop();
      await server.stop();
    },
  };
}

async function openPool(stores: {
  url: string;
  postgres: Postgres;
  redis: Redis;
  logger: ReturnType<typeof createLogger>;
}): Promise<CredentialPool> {
  const { url, postgres, redis, logger } = stores;
  const clock = systemClock;
  const listener = new Listener({ url, applicationName: 'bench' });
  const repository = new CredentialRepository(postgres);
  const directory = new CredentialDirectory({
    repository,
    listener,
    readSettings: async () => new Map(),
    demo: 'auto',
    logger,
    clock,
  });
  await directory.start();
  const leases = new LeaseStore({ redis, prefix: PREFIX, leaseMs: LEASE_MS });
  const reporter = new CredentialReporter({ directory, leases, repository, clock, logger });
  const turns = new TurnGiver({ leases, onTurn: async () => true, logger });
  const vault = { unseal: () => '{"apiKey":"sk-bench"}' };
  const looks = { save: async () => undefined };
  const tally = { worked: () => undefined };
  const ends = { watchUsedUp: () => undefined };
  await redis.set(`${PREFIX}:pool:epoch`, Date.now() * 1_000, 'NX');
  const onClose = () => listener.close();
  return new CredentialPool({
    directory,
    leases,
    reporter,
    turns,
    ends,
    looks,
    tally,
    vault,
    clock,
    logger,
    leaseMs: LEASE_MS,
    onClosed: () => undefined,
    onClose,
  });
}
