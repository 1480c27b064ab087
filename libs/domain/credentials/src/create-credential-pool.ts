import { systemClock, type Clock } from '@sluice/contracts/clock';
import type { Flag } from '@sluice/platform-config/flag';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import type { Listener } from '@sluice/platform-postgres/listener';
import type { Redis } from '@sluice/platform-redis/redis';
import { CredentialDirectory } from './credential-directory.js';
import { CredentialPool } from './credential-pool.js';
import { CredentialReporter } from './credential-report.js';
import { CredentialRepository } from './credential-repository.js';
import { LeaseStore } from './lease-store.js';
import type { Vault } from './vault.js';

export interface CreateCredentialPoolOptions {
  postgres: Postgres;
  listener: Listener;
  /** Of role `request`: a slow store must not hold up a generation. */
  redis: Redis;
  /** Of all keys in Redis. */
  prefix: string;
  vault: Vault;
  demo: Flag;
  leaseMs: number;
  logger: Logger;
  clock?: Clock;
}

/** The pool of a worker process, with all credentials read. */
export async function createCredentialPool(options: CreateCredentialPoolOptions): Promise<CredentialPool> {
  const { postgres, listener, redis, prefix, vault, demo, leaseMs, logger } = options;
  const clock = options.clock ?? systemClock;
  const repository = new CredentialRepository(postgres);
  const leases = new LeaseStore({ redis, prefix, leaseMs });
  const directory = new CredentialDirectory({ repository, listener, demo, logger, clock });
  await directory.start();
  const reporter = new CredentialReporter({ directory, leases, repository, clock, logger });
  return new CredentialPool({ directory, leases, reporter, vault, clock, logger, leaseMs });
}
