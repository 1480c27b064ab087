import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { InFlight } from '@sluice/contracts/in-flight';
import { QUEUE_POLICIES } from '@sluice/contracts/jobs';
import { runWithLogContext } from '@sluice/platform-logger/log-context';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Redis } from '@sluice/platform-redis/redis';
import { DelayedError, type Job, Worker, type WorkerOptions } from 'bullmq';
import { HeadStart } from './head-start.js';
import type { JobOutcome } from './job-handle.js';
import { createJobMetrics, type JobMetrics } from './job-metrics.js';
import { createJobRunners, type JobRunner } from './job-runner.js';
import { patientBackend } from './patient-backend.js';
import { queueName } from './queue-name.js';
import { RunningJob } from './running-job.js';
import type { Consumer, ConsumerOptions } from './start-consumer.js';

const CLOSE_GRACE_MS = 500;
/** After a failed fetch; the library's 15 s would outlast a restart of the store by far. */
const RETRY_MS = 250;

/**
 * The library takes jobs off an empty queue one after the other, two round trips each. Several of its workers side by side
 * take them as fast as they come.
 */
const FETCHERS = 4;

/** The one place where jobs meet their handlers: everything that each job needs around it is here. */
export class ConsumerWorker implements Consumer {
  readonly #redis: Redis;
  readonly #workers: readonly Worker[];
  readonly #runners: ReadonlyMap<string, JobRunner>;
  readonly #metrics: JobMetrics;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #running = new InFlight<RunningJob>();
  readonly #headStart: HeadStart;
  #closing: Promise<void> | undefined;

  constructor(options: ConsumerOptions & { prefix: string; clock: Clock }) {
    const queue = queueName(options.upstream, options.queueClass);
    this.#runners = createJobRunners(options.handlers);
    this.#metrics = createJobMetrics(options.metrics, queue);
    this.#logger = options.logger;
    this.#clock = options.clock;
    this.#headStart = new HeadStart(options.clock);
    this.#redis = options.redis;
    this.#workers = Array.from({ length: Math.min(FETCHERS, options.concurrency) }, (_, index) =>
      this.#startWorker({ queue, index, options }),
    );
  }

  get concurrency(): number {
    return this.#workers.reduce((sum, worker) => sum + worker.concurrency, 0);
  }

  set concurrency(concurrency: number) {
    for (const [index, worker] of this.#workers.entries())
      worker.concurrency = shareOf({ concurrency, index, workers: this.#workers.length });
  }

  get running(): readonly string[] {
    return this.#running.ids();
  }

  async ready(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.waitUntilReady()));
  }

  async drain({ deadlineMs }: { deadlineMs: number }): Promise<readonly string[]> {
    await this.#within(this.#stop(), deadlineMs);
    return this.running;
  }

  async close({ graceMs = CLOSE_GRACE_MS }: { graceMs?: number } = {}): Promise<void> {
    const stopped = this.#stop();
    for (const running of this.#running.values()) {
      running.abort(new GatewayError('draining', 'The worker is shutting down.'));
    }
    await this.#within(stopped, graceMs);
    await this.#within(Promise.allSettled(this.#running.values().map((running) => handOver(running))), graceMs);
  }

  #startWorker({
    queue,
    index,
    options,
  }: {
    queue: string;
    index: number;
    options: ConsumerOptions & { prefix: string };
  }): Worker {
    const policy = options.policy ?? QUEUE_POLICIES[options.queueClass];
    const settings: WorkerOptions = {
      connection: this.#redis,
      prefix: options.prefix,
      concurrency: shareOf({ ...options, index, workers: Math.min(FETCHERS, options.concurrency) }),
      lockDuration: policy.lockMs,
      stalledInterval: policy.stalledCheckMs,
      maxStalledCount: policy.maximumStalls,
      skipStalledCheck: index > 0,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      runRetryDelay: RETRY_MS,
    };
    const backend = patientBackend({
      redis: this.#redis,
      headStart: this.#headStart,
      isIdle: () => this.#running.size === 0,
      isClosing: () => this.#closing !== undefined,
    });
    const worker = new Worker<unknown>(queue, (job, token) => this.#process(job, token ?? ''), settings, backend);
    worker.on('error', (error) => this.#logger.warn({ err: error, queue }, 'queue error'));
    worker.on('stalled', (jobId) => this.#logger.warn({ jobId, queue }, 'job of a lost worker is run again'));
    worker.on('lockRenewalFailed', (jobIds) => void this.#lockLost(worker, jobIds));
    return worker;
  }

  async #process(job: Job, token: string): Promise<void> {
    const running = new RunningJob(job, token);
    const startedAtMs = this.#clock.now();
    this.#running.set(running.id, running);
    this.#metrics.setActive(this.#running.size);
    this.#metrics.waited(job.name, Math.max(0, startedAtMs - job.timestamp - (job.opts.delay ?? 0)));
    let end: 'done' | 'put_back' | 'failed' = 'failed';
    try {
      const context = { requestId: running.requestId, generationId: running.id };
      const outcome = await runWithLogContext(context, () => this.#run(running));
      end = outcome.type === 'done' ? 'done' : 'put_back';
      if (outcome.type === 'put-back') await putBack(running, outcome.delayUntilMs);
    } finally {
      this.#running.delete(running.id);
      this.#headStart.end();
      this.#metrics.setActive(this.#running.size);
      this.#metrics.ended(job.name, end, this.#clock.now() - startedAtMs);
    }
  }

  async #run(running: RunningJob): Promise<JobOutcome> {
    const { job } = running;
    try {
      const runner = this.#runners.get(job.name);
      if (!runner) throw new Error(`There is no job called ${job.name}.`);
      return await runner(job.data, running);
    } catch (error) {
      this.#logger.error(
        { err: error, job: job.name, generationId: running.id, attempt: running.attempt },
        'job failed',
      );
      throw error;
    }
  }

  /** Somebody else may have the job: our work on it ends. A job that the store itself forgot is nobody else's. */
  async #lockLost(worker: Worker, jobIds: readonly string[]): Promise<void> {
    for (const id of jobIds) {
      const running = this.#running.get(id);
      if (!running) continue;
      const isKnown = await this.#redis.exists(worker.toKey(id)).catch(() => 1);
      if (isKnown)
        running.abort(
          new GatewayError('draining', 'The job was taken over by another worker.', { reason: 'taken_over' }),
        );
    }
  }

  /** Closing the worker stops the taking at once, and keeps the locks of what runs until it ends. */
  #stop(): Promise<void> {
    this.#closing ??= Promise.all(this.#workers.map((worker) => worker.close())).then(() => undefined);
    return this.#closing;
  }

  async #within(work: Promise<unknown>, milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(milliseconds, resolve);
      void work
        .catch(() => undefined)
        .then(() => {
          cancel();
          resolve();
        });
    });
  }
}

/** Concurrency is shared out evenly; lowered later, it is never less than one for each. */
function shareOf({ concurrency, index, workers }: { concurrency: number; index: number; workers: number }): number {
  return Math.max(1, Math.floor(concurrency / workers) + (index < concurrency % workers ? 1 : 0));
}

async function putBack({ job, token }: RunningJob, delayUntilMs: number): Promise<never> {
  await job.moveToDelayed(delayUntilMs, token);
  throw new DelayedError();
}

/** Back to the front of the queue, for the next consumer to take now rather than when our lock ends. */
async function handOver({ job, token }: RunningJob): Promise<void> {
  await job.moveToWait(token);
}
