import { systemClock, type Clock } from '@sluice/contracts/clock';
import type { Flag } from '@sluice/platform-config/flag';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import type { Listener } from '@sluice/platform-postgres/listener';
import type { Redis } from '@sluice/platform-redis/redis';
import type { ReportedQuota } from './credential-counters.js';
import { CredentialDirectory } from './credential-directory.js';
import { CredentialPool, toKept, type Sessions } from './credential-pool.js';
import { CredentialReporter } from './credential-report.js';
import { CredentialRepository } from './credential-repository.js';
import type { Turn } from './credential-source.js';
import { LeaseStore } from './lease-store.js';
import { PoolHeart } from './pool-heart.js';
import { PoolMemory } from './pool-memory.js';
import { beginPool, listPoolSettings, saveQuotas } from './pool-statements.js';
import { RestEnds } from './rest-ends.js';
import { type Slot, SlotKeeper } from './slot-keeper.js';
import { TurnGiver } from './turn-giver.js';
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
  /** Starts again who waited for a credential; false where it waits no longer. Absent: nobody is told. */
  onTurn?(turn: Turn): Promise<boolean>;
  /** The slots that rows stand for: they are taken again before a lost pool opens. */
  listSlots?(): Promise<readonly Slot[]>;
  /** Absent where the sessions of these upstreams cannot be refreshed. */
  sessions?: Sessions;
}

/** The pool of a worker process, with all credentials read. */
export async function createCredentialPool(options: CreateCredentialPoolOptions): Promise<CredentialPool> {
  return (await createSlotPool(options)).pool;
}

/** The same, with the keeper of the slots that outlive a process. */
export async function createSlotPool(
  options: CreateCredentialPoolOptions,
): Promise<{ pool: CredentialPool; slots: SlotKeeper }> {
  const { postgres, listener, redis, prefix, vault, demo, leaseMs, logger } = options;
  const clock = options.clock ?? systemClock;
  const repository = new CredentialRepository(postgres);
  const leases = new LeaseStore({ redis, prefix, leaseMs, beforeLoad: () => heart.verifyServer() });
  const readSettings = async () =>
    new Map((await listPoolSettings.all(postgres)).map(({ upstream, value }) => [upstream, value]));
  const directory = new CredentialDirectory({ repository, listener, readSettings, demo, logger, clock });
  await directory.start();
  const { onTurn = async () => false, sessions } = options;
  const turns = new TurnGiver({ leases, onTurn, logger });
  const ends = new RestEnds({ directory, turns, clock });
  const reporter = new CredentialReporter({
    directory,
    leases,
    repository,
    clock,
    logger,
    onModelRest: (rest) => ends.watch(rest),
    ...(sessions && { onSessionEnded: (row) => sessions.refresh(row) }),
  });
  const quotas = {
    save: async (
      { credentialId, epoch }: { credentialId: string; epoch: number },
      reported: readonly ReportedQuota[],
    ) => void (await saveQuotas.run(postgres, credentialId, JSON.stringify(reported), epoch)),
  };
  const onClosed = () => void heart.beat();
  const onClose = () => {
    heart.stop();
    ends.stop();
  };
  const pool = new CredentialPool({
    directory,
    leases,
    reporter,
    turns,
    quotas,
    vault,
    clock,
    logger,
    leaseMs,
    onClosed,
    onClose,
    ...(sessions && { sessions }),
  });
  const slots = new SlotKeeper({ directory, leases, turns, now: () => clock.now() });
  const membersOf = (owner: string) => [...directory.membersOf(owner)];
  const memory = new PoolMemory({ postgres, redis, prefix, membersOf });
  const heart = new PoolHeart({
    redis,
    prefix,
    clock,
    logger,
    leaseMs,
    memory: {
      save: () => memory.save(),
      async restore() {
        if (options.listSlots) await slots.keep(await options.listSlots());
        return memory.restore();
      },
    },
    renew: (keys) => leases.renew(keys),
    held: () => [...pool.held.values()].map((held) => ({ held, key: toKept(held) })),
    isFirst: async () => (await beginPool.first(postgres)) !== undefined,
  });
  await heart.start();
  return { pool, slots };
}
