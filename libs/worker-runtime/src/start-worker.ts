import type { Clock } from '@sluice/contracts/clock';
import { DEFERRED_PRIORITY } from '@sluice/contracts/jobs';
import { createSlotPool } from '@sluice/domain-credentials/create-credential-pool';
import { openVault } from '@sluice/domain-credentials/open-vault';
import { WayHealth } from '@sluice/domain-credentials/way-health';
import { CancelListener } from '@sluice/domain-generations/cancellation';
import { createGenerationWriter } from '@sluice/domain-generations/create-generation-writer';
import { InputStore } from '@sluice/domain-generations/input-store';
import { readSlots } from '@sluice/domain-generations/read-slots';
import { liveNames } from '@sluice/domain-generations/live-channel';
import { LiveWriter, readLastSequence } from '@sluice/domain-generations/live-writer';
import { createHttpAgents } from '@sluice/platform-http/http-agents';
import { followLogLevel } from '@sluice/domain-settings/follow-log-level';
import { SettingRepository } from '@sluice/domain-settings/setting-repository';
import { Settings } from '@sluice/domain-settings/settings';
import type { Logger } from '@sluice/platform-logger/logger';
import { isPostgresReady } from '@sluice/platform-postgres/postgres-ready';
import { createProducer } from '@sluice/platform-queue/create-producer';
import type { Handlers } from '@sluice/platform-queue/handlers';
import { type Consumer, startConsumer } from '@sluice/platform-queue/start-consumer';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { createSessions } from './create-sessions.js';
import { createCredentialTender } from './create-credential-tender.js';
import type { DurableTiming } from './durable-deps.js';
import { FilePlacer } from './file-placer.js';
import { GenerationRunner } from './generation-runner.js';
import { LeaseKeeper } from './lease-keeper.js';
import type { WorkerConfig } from './run-worker.js';
import { PlacedFiles } from './placed-files.js';
import { startDurable } from './start-durable.js';
import { startProber } from './start-prober.js';
import { startDiscovery } from './start-discovery.js';
import { readStored } from './read-stored.js';
import { WayWatch } from './way-watch.js';
import { createWaysOut } from './ways-out.js';
import { timingBySettings } from './timing-by-settings.js';
import { startTurn } from './turn-starter.js';
import { startWorkerHealth } from './worker-health.js';
import type { WorkerStores } from './worker-stores.js';

export interface StartWorkerOptions<Credential> {
  upstream: Upstream<Credential>;
  config: WorkerConfig;
  logger: Logger;
  stores: WorkerStores;
  clock: Clock;
  /** Of durable generations; tests are in a hurry. */
  timing?: DurableTiming;
}

export interface Worker {
  port: number;
  /** Finishes or hands over what runs, by `deadlineMs` on the clock. */
  stop(deadlineMs: number): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Of the time to shut down, this much is kept for handing over and writing rows. */
const HAND_OVER_MS = 3_000;
/** What durable generations may wait for in the pool. */
const DURABLE_USES = { video: true, image: true, chat: true };
const PREFIX = 'sluice';
const NAMES = liveNames(PREFIX);

export async function startWorker<Credential>(options: StartWorkerOptions<Credential>): Promise<Worker> {
  const { upstream, config, logger, stores, clock } = options;
  const onUnexpected = (error: unknown, generationId: string) =>
    logger.error({ err: error, generationId }, 'unexpected failure in a generation');
  const vault = await openVault({ masterKey: config.SLUICE_MASTER_KEY, postgres: stores.postgres });
  const producer = createProducer({ redis: stores.requestRedis, metrics: stores.metrics });
  const agents = createHttpAgents({ connectTimeoutMs: CONNECT_TIMEOUT_MS });
  const settings = new Settings({ repository: new SettingRepository(stores.postgres), ...stores, logger, clock });
  await settings.start();
  followLogLevel(settings, logger);
  const watch = new WayWatch({
    upstream: upstream.manifest.id,
    health: new WayHealth({ redis: stores.redis, prefix: PREFIX }),
    clock,
    onError: (error) => logger.warn({ err: error }, 'a refused way out could not be written down'),
  });
  const httpFor = createWaysOut({
    upstream: upstream.manifest.id,
    settings,
    agents,
    ownProxyUrl: config.SLUICE_PROXY_URL?.reveal(),
    watch,
  });
  const leaseMs = config.CREDENTIAL_LEASE_MS;
  const sessions = createSessions({ upstream, stores, vault, leaseMs, clock, logger, httpFor });
  const {
    pool: source,
    slots,
    tally,
  } = await createSlotPool({
    ...(sessions && { sessions }),
    onTurn: async ({ upstream: id, use, generationId: jobId }) =>
      (use !== 'video' &&
        use !== 'image' &&
        (await startTurn({ name: 'run-generation', upstream: id, jobId }, { producer, clock }))) ||
      (use in DURABLE_USES && startTurn({ name: 'step-generation', upstream: id, jobId }, { producer, clock })),
    listSlots: () => readSlots(stores.postgres),
    onOutcome: (credentialId, outcome) => watch.note(credentialId, outcome),
    postgres: stores.postgres,
    listener: stores.listener,
    redis: stores.redis,
    prefix: PREFIX,
    vault,
    demo: config.SLUICE_DEMO,
    leaseMs,
    logger,
  });
  const attempts = () => settings.get('ATTEMPTS');
  const rows = createGenerationWriter({ postgres: stores.postgres, metrics: stores.metrics, logger, clock });
  const cancels = new CancelListener({ subscriber: stores.subscriber, names: NAMES, clock });
  await cancels.start();
  const keeper = new LeaseKeeper({ source, clock });
  keeper.start();
  const inputs = new InputStore(stores.media);
  const tender = createCredentialTender({ upstream, stores, vault, leaseMs, clock, logger, source, httpFor });
  const placed = new PlacedFiles({
    redis: stores.redis,
    prefix: `${PREFIX}:${upstream.manifest.id}`,
    clock,
    onError: (error) => logger.warn({ err: error }, 'what lies at the upstream is not remembered'),
  });
  const placer = new FilePlacer({ placed, store: stores.media, clock });
  const runner = new GenerationRunner({
    upstream,
    source,
    keeper,
    cancels,
    rows,
    clock,
    random: Math.random,
    attempts,
    onUnexpected,
    httpFor,
    readMedia: (media) => readStored(stores.media, media),
    placer,
    openLog: ({ id, replyTo }, lastSequence) =>
      new LiveWriter({ redis: stores.redis, names: NAMES, generationId: id, replyTo, lastSequence }),
    readLastSequence: (generationId) => readLastSequence({ redis: stores.redis, names: NAMES, generationId }),
    loadInput: (generation) => inputs.load(generation),
    discardInput: (generation) => inputs.discard(generation),
    handOn: async (generation) => {
      const [target] = generation.targets;
      if (!target) return;
      const job = { upstream: target.upstream, payload: generation, jobId: generation.id };
      await producer.add('run-generation', { ...job, ...(generation.isDeferred && { priority: DEFERRED_PRIORITY }) });
    },
  });
  const durable = startDurable({
    upstream,
    stores,
    source,
    slots,
    tally,
    keeper,
    producer,
    names: NAMES,
    prefix: PREFIX,
    leaseMs,
    clock,
    logger,
    httpFor,
    attempts,
    placer,
    isPrivateStorageAllowed: config.SLUICE_FETCH_PRIVATE,
    timing:
      options.timing ??
      timingBySettings({ upstream: upstream.manifest.id, settings, keepFilesMs: config.SLUICE_MEDIA_RETENTION_MS }),
  });
  const stopDiscovery = startDiscovery({ upstream, stores, source, demo: config.SLUICE_DEMO, clock, logger, httpFor });
  const stopProber = startProber({ upstream, stores, source, clock, logger, httpFor });
  const handlers: Handlers = {
    'run-generation': (generation, job) => runner.run(generation, job),
    'tend-credential': (call) => tender.run(call),
    'step-generation': (call, job) => durable.steps.run(call, job),
    'poll-credential': (call, job) => durable.polls.run(call, job),
  };
  const consumers = upstream.manifest.queues.map((queueClass) =>
    startConsumer({
      redis: stores.redis,
      upstream: upstream.manifest.id,
      queueClass,
      concurrency: queueClass === 'durable' ? config.WORKER_DURABLE_CONCURRENCY : config.WORKER_CONCURRENCY,
      handlers,
      metrics: stores.metrics,
      logger,
    }),
  );
  await Promise.all(consumers.map((consumer) => consumer.ready()));
  const health = await startWorkerHealth({
    host: config.WORKER_HOST,
    port: config.WORKER_PORT,
    metrics: stores.metrics,
    isReady: () => isPostgresReady(stores.postgres),
  });
  return {
    port: health.port,
    async stop(deadlineMs) {
      durable.stop();
      await Promise.all(consumers.map((consumer) => drain({ consumer, runner, deadlineMs, clock })));
      await rows.drain();
      health.close();
      stopDiscovery();
      stopProber();
      keeper.stop();
      settings.close();
      await source.close();
      await agents.close();
      await stores.close();
    },
  };
}

/** Waits for what runs as long as there is time; then the rest is handed over. */
async function drain(options: {
  consumer: Consumer;
  runner: { handOver(): void };
  deadlineMs: number;
  clock: Clock;
}): Promise<void> {
  const { consumer, runner, deadlineMs, clock } = options;
  const left = await consumer.drain({ deadlineMs: Math.max(0, deadlineMs - clock.now() - HAND_OVER_MS) });
  if (left.length > 0) runner.handOver();
  await consumer.close({ graceMs: Math.max(0, Math.min(HAND_OVER_MS, deadlineMs - clock.now()) - 500) });
}
