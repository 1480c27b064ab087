import { randomUUID } from 'node:crypto';
import type { Clock } from '@sluice/contracts/clock';
import { AnswerRecorder } from '@sluice/domain-batches/answer-recorder';
import { BatchFinisher, type LeftFile } from '@sluice/domain-batches/batch-finisher';
import { BatchIntake } from '@sluice/domain-batches/batch-intake';
import { BatchStore } from '@sluice/domain-batches/batch-store';
import { sweepBatches } from '@sluice/domain-batches/batch-sweep';
import { BatchTender } from '@sluice/domain-batches/batch-tender';
import { LineRunner } from '@sluice/domain-batches/line-runner';
import { LineSource } from '@sluice/domain-batches/line-source';
import { FileStore } from '@sluice/domain-files/file-store';
import { startChores } from '@sluice/domain-generations/chores';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { decodeLine } from '@sluice/wire-openai-files/decode-batch';
import { encodeUnanswered } from '@sluice/wire-openai-files/encode-batch';
import type { GatewayConfig } from '../gateway-environment.js';
import type { GatewayStores } from '../gateway-stores.js';
import type { Durable } from '../generations/create-durable.js';
import { BatchPace } from './batch-pace.js';
import { BatchesService } from './batches.service.js';
import { CallPasses } from './call-passes.js';
import { InteractiveWatch } from './interactive-watch.js';
import { type InnerAnswer, type InnerCall, LineCalls } from './line-calls.js';

export interface CreateBatchesOptions {
  config: Pick<GatewayConfig, 'SLUICE_BATCHES_RETENTION_DAYS'>;
  stores: Pick<GatewayStores, 'postgres' | 'redis' | 'media'>;
  /** Of our keys in Redis. */
  prefix: string;
  durable: Pick<Durable, 'generations'>;
  admitWebhook(keyId: string, url: string): Promise<string>;
  clock: Clock;
  onError(error: unknown): void;
}

const DAY_MS = 24 * 60 * 60_000;
const SWEEP_MS = 60 * 60_000;
/** As OpenAI keeps them. */
const OUTPUT_LIFE_MS = 30 * DAY_MS;

/** Batches: what their paths do, and the part of this replica in running them. */
export function createBatches(options: CreateBatchesOptions) {
  const { stores, admitWebhook, clock } = options;
  const { postgres, media } = stores;
  const holder = randomUUID();
  const passes = new CallPasses();
  const watch = watchInteractive(options);
  const tender = createTender(options, holder);
  const files = new FileStore({ postgres, media, clock, maximumBytes: Number.MAX_SAFE_INTEGER });
  let runner: LineRunner | undefined;
  const stopSweeping = startSweeping(options);
  return {
    service: new BatchesService({
      batches: new BatchStore({ postgres, clock }),
      files,
      admitWebhook,
      wake: () => tender.wake(),
    }),
    watch,
    findPass: (presented: string | undefined) => passes.find(presented),
    start(inject: (call: InnerCall) => Promise<InnerAnswer>): void {
      const calls = new LineCalls({ store: media, passes, inject });
      const pace = new BatchPace({ clock, isBusy: () => watch.isBusy() });
      runner = createRunner(options, { holder, calls, pace });
      runner.start();
      tender.start();
    },
    /** Takes no more lines. */
    drain: () => runner?.drain(),
    async close(): Promise<void> {
      stopSweeping();
      await Promise.all([runner?.stop(), tender.stop()]);
    },
  };
}

export type Batches = ReturnType<typeof createBatches>;

function startSweeping({ config, stores, clock, onError }: CreateBatchesOptions): () => void {
  const { postgres, media } = stores;
  const retentionMs = config.SLUICE_BATCHES_RETENTION_DAYS * DAY_MS;
  const run = () => sweepBatches({ postgres, media, clock, retentionMs });
  return startChores({ postgres, chores: [{ name: 'batches', everyMs: SWEEP_MS, run }], clock, onError });
}

function createRunner(
  { stores, clock, onError }: CreateBatchesOptions,
  { holder, calls, pace }: { holder: string; calls: LineCalls; pace: BatchPace },
): LineRunner {
  const { postgres, media } = stores;
  return new LineRunner({
    postgres,
    clock,
    holder,
    source: new LineSource({ postgres, clock, holder }),
    recorder: new AnswerRecorder({ postgres, media, clock, holder, onError }),
    allow: (wanted) => pace.allow(wanted),
    execute: (line) => calls.execute(line),
    onError,
  });
}

function createTender(options: CreateBatchesOptions, holder: string): BatchTender {
  const { stores, durable, clock, onError } = options;
  const { postgres, media } = stores;
  const intake = new BatchIntake({ postgres, media, clock, holder, readLine: decodeLine });
  const finisher = new BatchFinisher({
    postgres,
    media,
    clock,
    holder,
    encodeUnanswered,
    keepFile: (transaction, file) => keepFile(transaction, file, options),
    cancelGeneration: (id, ownerKeyId) => durable.generations.cancel(id, ownerKeyId),
  });
  return new BatchTender({
    postgres,
    clock,
    holder,
    validate: (batch, signal) => intake.validate(batch, signal),
    finish: (batch, signal) => finisher.finish(batch, signal),
    onError,
  });
}

/** What was paid for is not refused for its size. */
async function keepFile(
  transaction: Queryable,
  { lifeMs, ...file }: LeftFile,
  { stores, clock }: Pick<CreateBatchesOptions, 'stores' | 'clock'>,
): Promise<string> {
  const maximumBytes = Number.MAX_SAFE_INTEGER;
  const files = new FileStore({ postgres: transaction, media: stores.media, clock, maximumBytes });
  const { id } = await files.insert({ ...file, purpose: 'batch_output', expiresAfterMs: lifeMs ?? OUTPUT_LIFE_MS });
  return id;
}

function watchInteractive({ stores, prefix, clock, onError }: CreateBatchesOptions): InteractiveWatch {
  const key = `${prefix}:interactive`;
  return new InteractiveWatch({
    clock,
    tell: (forMs) => stores.redis.set(key, '1', 'PX', forMs),
    ask: async () => (await stores.redis.exists(key)) === 1,
    onError,
  });
}
