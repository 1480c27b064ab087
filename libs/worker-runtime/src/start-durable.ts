import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { CredentialPool } from '@sluice/domain-credentials/credential-pool';
import type { CredentialTally } from '@sluice/domain-credentials/credential-tally';
import type { SlotKeeper } from '@sluice/domain-credentials/slot-keeper';
import { type Chore, startChores } from '@sluice/domain-generations/chores';
import { DurableBell } from '@sluice/domain-generations/durable-bell';
import { DurableLive } from '@sluice/domain-generations/durable-live';
import { DurableSteps } from '@sluice/domain-generations/durable-steps';
import { IdempotencyStore } from '@sluice/domain-generations/idempotency-store';
import { Ledger } from '@sluice/domain-generations/ledger';
import type { LiveNames } from '@sluice/domain-generations/live-channel';
import { Reconciler } from '@sluice/domain-generations/reconciler';
import { readSlots } from '@sluice/domain-generations/read-slots';
import { Sweeper } from '@sluice/domain-generations/sweeper';
import type { Logger } from '@sluice/platform-logger/logger';
import type { AttemptLimits } from '@sluice/domain-settings/ways-out';
import type { Producer } from '@sluice/platform-queue/create-producer';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { DURABLE_TIMING, type DurableTiming } from './durable-deps.js';
import type { FilePlacer } from './file-placer.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { PollRunner } from './poll-runner.js';
import { readStored } from './read-stored.js';
import { StepRunner } from './step-runner.js';
import type { WorkerStores } from './worker-stores.js';

export interface StartDurableOptions<Credential> {
  upstream: Upstream<Credential>;
  stores: Pick<WorkerStores, 'postgres' | 'requestRedis' | 'media' | 'metrics'>;
  source: CredentialPool;
  slots: SlotKeeper;
  tally: Pick<CredentialTally, 'countEnded' | 'purge'>;
  keeper: LeaseKeeper;
  producer: Producer;
  names: LiveNames;
  prefix: string;
  leaseMs: number;
  clock: Clock;
  logger: Logger;
  httpFor(lease: Lease): HttpPort;
  isPrivateStorageAllowed: boolean;
  timing?: DurableTiming;
  attempts(): AttemptLimits;
  placer: FilePlacer;
}

const RECONCILE_MS = 2_000;
const SWEEP_MS = 5_000;
const TALLY_MS = 2_000;
const PURGE_MS = 60_000;
const LEDGER_MS = 10 * 60_000;
const LEDGER_SINCE_MS = 2 * 24 * 60 * 60_000;
const LATE_MS = 60 * 60_000;

/** The durable side of a worker: the handlers of its jobs, and the chores that any worker may do. */
export function startDurable<Credential>(options: StartDurableOptions<Credential>) {
  const { upstream, stores, source, slots, keeper, producer, names, clock, logger, httpFor } = options;
  const { postgres, requestRedis: redis, media } = stores;
  const onError = (error: unknown) => logger.warn({ err: error }, 'durable background work failed');
  const live = new DurableLive({ redis, names, onError });
  const bell = new DurableBell({ producer, onError });
  const steps = new DurableSteps({ postgres, live, clock });
  const deps = {
    upstream,
    source,
    slots,
    keeper,
    steps,
    bell,
    media,
    readMedia: (file: Parameters<typeof readStored>[1]) => readStored(media, file),
    httpFor,
    isPrivateStorageAllowed: options.isPrivateStorageAllowed,
    timing: options.timing ?? DURABLE_TIMING,
    attempts: () => options.attempts(),
    placer: options.placer,
    clock,
    random: Math.random,
    onUnexpected: (error: unknown, generationId: string) =>
      logger.error({ err: error, generationId }, 'unexpected failure in a durable step'),
  };
  const chores = createChores({ ...options, bell, steps });
  return {
    steps: new StepRunner(deps),
    polls: new PollRunner(deps),
    stop: startChores({ postgres, chores, clock, onError }),
  };
}

function createChores<Credential>(
  options: StartDurableOptions<Credential> & { bell: DurableBell; steps: DurableSteps },
): Chore[] {
  const { stores, slots, tally, bell, steps, prefix, leaseMs, clock, logger } = options;
  const { postgres, requestRedis: redis, media, metrics } = stores;
  const idempotency = new IdempotencyStore({ postgres });
  const reconciler = new Reconciler({ postgres, redis, prefix, bell, clock });
  const deleteFile = (key: string) => media.delete(key);
  const sweeper = new Sweeper({ postgres, steps, idempotency, deleteFile, clock, lateMs: LATE_MS });
  const ledger = new Ledger({ postgres, clock });
  const unbalanced = metrics.gauge({
    name: 'sluice_ledger_unbalanced',
    help: 'Generations whose reservation was not accounted for as it ended.',
  });
  return [
    { name: 'durable-reconcile', everyMs: RECONCILE_MS, run: () => reconciler.run() },
    { name: 'durable-slots', everyMs: leaseMs / 4, run: async () => slots.keep(await readSlots(postgres)) },
    { name: 'credential-tally', everyMs: TALLY_MS, run: () => tally.countEnded() },
    { name: 'credential-tally-purge', everyMs: LEDGER_MS, run: () => tally.purge() },
    { name: 'durable-expire', everyMs: SWEEP_MS, run: () => sweeper.expire() },
    { name: 'durable-purge', everyMs: PURGE_MS, run: () => sweeper.forgetKeys().then(() => sweeper.dropFiles()) },
    {
      name: 'durable-ledger',
      everyMs: LEDGER_MS,
      async run() {
        const found = await ledger.imbalances(LEDGER_SINCE_MS);
        unbalanced.set({}, found.length);
        if (found.length > 0) logger.error({ found: found.slice(0, 10) }, 'the ledger does not balance');
      },
    },
  ];
}
