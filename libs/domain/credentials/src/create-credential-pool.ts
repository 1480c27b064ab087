import { systemClock, type Clock } from '@sluice/contracts/clock';
import type { Flag } from '@sluice/platform-config/flag';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import type { Listener } from '@sluice/platform-postgres/listener';
import type { Redis } from '@sluice/platform-redis/redis';
import { careFor } from './account-care.js';
import { AccountLooks } from './account-looks.js';
import { CredentialDirectory } from './credential-directory.js';
import { CredentialPool, type Sessions } from './credential-pool.js';
import { CredentialReporter, type CredentialReportOptions } from './credential-report.js';
import { CredentialRepository } from './credential-repository.js';
import { CredentialTally } from './credential-tally.js';
import { ErrorLimit } from './error-limit.js';
import { toKept } from './held-lease.js';
import type { Turn } from './credential-source.js';
import { LeaseStore } from './lease-store.js';
import { PoolHeart } from './pool-heart.js';
import { PoolMemory } from './pool-memory.js';
import { beginPool, listPoolSettings } from './pool-statements.js';
import { RestEnds } from './rest-ends.js';
import { type Slot, SlotKeeper } from './slot-keeper.js';
import { SwitchOff } from './switch-off.js';
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
  /** Is told how each lease ended. */
  onOutcome?: CredentialReportOptions['onOutcome'];
  /** The slots that rows stand for: they are taken again before a lost pool opens. */
  listSlots?(): Promise<readonly Slot[]>;
  /** Absent where the sessions of these upstreams cannot be refreshed. */
  sessions?: Sessions;
}

/** The pool of a worker process, with all credentials read. */
export async function createCredentialPool(options: CreateCredentialPoolOptions): Promise<CredentialPool> {
  return (await createSlotPool(options)).pool;
}

/** The same, with the keeper of the slots that outlive a process, and the count of what accounts make. */
export async function createSlotPool(
  options: CreateCredentialPoolOptions,
): Promise<{ pool: CredentialPool; slots: SlotKeeper; tally: CredentialTally }> {
  const { postgres, listener, redis, prefix, vault, demo, leaseMs, logger } = options;
  const clock = options.clock ?? systemClock;
  const repository = new CredentialRepository(postgres);
  const leases: LeaseStore = new LeaseStore({ redis, prefix, leaseMs, beforeLoad: () => heart.verifyServer() });
  const readSettings = async () =>
    new Map((await listPoolSettings.all(postgres)).map(({ upstream, value }) => [upstream, value]));
  const directory = new CredentialDirectory({ repository, listener, readSettings, demo, logger, clock });
  await directory.start();
  const { onTurn = async () => false, sessions, onOutcome } = options;
  const turns = new TurnGiver({ leases, onTurn, logger });
  const ends = new RestEnds({ directory, turns, clock });
  const switchOff = new SwitchOff({ postgres, clock });
  const limit = new ErrorLimit({ directory, leases, switchOff, clock });
  const tally = new CredentialTally({ postgres, clock, logger, onErrors: (counted) => limit.apply(counted) });
  const reporter = new CredentialReporter({
    directory,
    leases,
    repository,
    clock,
    logger,
    onModelRest: (rest) => ends.watch(rest),
    onRest: (credentialId, restMs) => ends.watchWhole(credentialId, restMs),
    onFailure: (row, code) => tally.failed(row.id, code),
    switchOff,
    ...(onOutcome && { onOutcome }),
    ...(sessions && { onSessionEnded: (row) => sessions.refresh(row) }),
  });
  const reserveOf = (id: string) => {
    const row = directory.get(id)?.row;
    return row === undefined ? 0 : careFor(row, directory.upstream(row.upstream).settings).quotaReserve;
  };
  const looks = new AccountLooks({ postgres, clock, reserveOf });
  const onClosed = () => void heart.beat();
  const onClose = async () => {
    heart.stop();
    ends.stop();
    await tally.close();
  };
  const pool = new CredentialPool({
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
    leaseMs,
    onClosed,
    onClose,
    ...(sessions && { sessions }),
  });
  const slots = new SlotKeeper({ directory, leases, turns, now: () => clock.now() });
  const membersOf = (owner: string) => [...directory.membersOf(owner)];
  const memory = new PoolMemory({ postgres, redis, prefix, membersOf });
  const heart: PoolHeart = new PoolHeart({
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
    held: () => pool.held.values().map((held) => ({ held, key: toKept(held) })),
    isFirst: async () => (await beginPool.first(postgres)) !== undefined,
  });
  await heart.start();
  return { pool, slots, tally };
}
