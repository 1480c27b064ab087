import { GatewayError } from '@sluice/contracts/gateway-error';
import { JOBS, type JobName, type JobPayload, type QueueClass } from '@sluice/contracts/jobs';
import type { Redis } from '@sluice/platform-redis/redis';
import type { CounterMetric, Metrics } from '@sluice/platform-telemetry/metrics';
import type { JobsOptions } from 'bullmq';
import { QueueSet } from './queue-set.js';
import { DEFAULT_QUEUE_PREFIX } from './queue-settings.js';
import { withDeadline } from './with-deadline.js';

export interface AddOptions<Name extends JobName> {
  upstream: string;
  payload: JobPayload<Name>;
  /** The generation's id. A second add of the same id does nothing while the first is still there. */
  jobId: string;
  delayMs?: number;
  /** 1 is first; absent goes before all that have one. */
  priority?: number;
}

export interface JobAddress {
  name: JobName;
  upstream: string;
  jobId: string;
}

export interface QueueCounts {
  waiting: number;
  active: number;
  delayed: number;
}

/** Puts jobs into the queues. Every failure is a `GatewayError('unavailable')`, told within little more than a second, and at once where the connection is down. */
export interface Producer {
  /** One round trip. After a failure the job may yet be there: adding it again is harmless. */
  add<Name extends JobName>(name: Name, options: AddOptions<Name>): Promise<void>;
  /** Takes a job out that has not started. */
  remove(address: JobAddress): Promise<'removed' | 'active' | 'missing'>;
  /** Whether the job waits or runs: what has ended is gone. */
  has(address: JobAddress): Promise<boolean>;
  /** Starts a delayed job now; false when it was not delayed. */
  promote(address: JobAddress): Promise<boolean>;
  counts(upstream: string, queueClass: QueueClass): Promise<QueueCounts>;
  close(): Promise<void>;
}

export interface ProducerOptions {
  /** A connection of the role `request`; it stays the caller's to close. */
  redis: Redis;
  prefix?: string;
  metrics: Metrics;
}

/** Below 300 ms with what a busy event loop adds. */
const DEADLINE_MS = 1_000;

/** Of the queue library's scripts. */
const MISSING = -1;
const NOT_IN_STATE = -3;

export function createProducer(options: ProducerOptions): Producer {
  return new QueueProducer(options);
}

class QueueProducer implements Producer {
  readonly #redis: Redis;
  readonly #queues: QueueSet;
  readonly #added: CounterMetric<'queue' | 'job' | 'outcome'>;

  constructor({ redis, prefix = DEFAULT_QUEUE_PREFIX, metrics }: ProducerOptions) {
    this.#redis = redis;
    this.#queues = new QueueSet(redis, prefix);
    this.#added = metrics.counter({
      name: 'sluice_queue_added_total',
      help: 'Jobs put into a queue, by outcome.',
      labels: ['queue', 'job', 'outcome'],
    });
  }

  async add<Name extends JobName>(name: Name, options: AddOptions<Name>): Promise<void> {
    const queue = this.#queues.get(options.upstream, JOBS[name].queue);
    const jobOptions: JobsOptions = { jobId: options.jobId };
    if (options.delayMs !== undefined && options.delayMs > 0) jobOptions.delay = options.delayMs;
    if (options.priority !== undefined) jobOptions.priority = options.priority;
    let outcome = 'failed';
    try {
      await guarded(queue.add(name, options.payload, jobOptions));
      outcome = 'added';
    } finally {
      this.#added.add({ queue: queue.name, job: name, outcome });
    }
  }

  async remove({ name, upstream, jobId }: JobAddress): Promise<'removed' | 'active' | 'missing'> {
    const queue = this.#queues.get(upstream, JOBS[name].queue);
    if ((await guarded(this.#redis.exists(queue.toKey(jobId)))) === 0) return 'missing';
    return (await guarded(queue.remove(jobId))) === 1 ? 'removed' : 'active';
  }

  async has({ name, upstream, jobId }: JobAddress): Promise<boolean> {
    const queue = this.#queues.get(upstream, JOBS[name].queue);
    return (await guarded(this.#redis.exists(queue.toKey(jobId)))) === 1;
  }

  async promote({ name, upstream, jobId }: JobAddress): Promise<boolean> {
    const queue = this.#queues.get(upstream, JOBS[name].queue);
    return guarded(queue.getBackend().promote(jobId).then(isDone, isNotDelayed));
  }

  async counts(upstream: string, queueClass: QueueClass): Promise<QueueCounts> {
    const queue = this.#queues.get(upstream, queueClass);
    const counts = await guarded(queue.getJobCounts('wait', 'prioritized', 'active', 'delayed'));
    const { wait = 0, prioritized = 0, active = 0, delayed = 0 } = counts;
    return { waiting: wait + prioritized, active, delayed };
  }

  close(): Promise<void> {
    return this.#queues.close();
  }
}

const isDone = () => true;

/** False for the library's own answer that the job is missing or not delayed; any other failure goes on. */
function isNotDelayed(error: unknown): false {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (code === MISSING || code === NOT_IN_STATE) return false;
  throw error;
}

async function guarded<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await withDeadline(work, DEADLINE_MS);
  } catch (cause) {
    throw new GatewayError('unavailable', 'The queue cannot be reached; try again shortly.', {
      cause,
      retryAfterMs: 1_000,
    });
  }
}
