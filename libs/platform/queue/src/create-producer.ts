import { GatewayError } from '@sluice/contracts/gateway-error';
import { JOBS, type JobName, type JobPayload, type QueueClass } from '@sluice/contracts/jobs';
import type { Redis } from '@sluice/platform-redis/redis';
import type { Metrics } from '@sluice/platform-telemetry/metrics';
import { Queue, type JobsOptions } from 'bullmq';
import { queueName } from './queue-name.js';
import { DEFAULT_QUEUE_PREFIX, EVENT_STREAM_LENGTH } from './queue-settings.js';
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

/** Puts jobs into the queues. Every failure is a `GatewayError('unavailable')`, told within 300 ms. */
export interface Producer {
  /** One round trip. After a failure the job may yet be there: adding it again is harmless. */
  add<Name extends JobName>(name: Name, options: AddOptions<Name>): Promise<void>;
  /** Takes a job out that has not started. */
  remove(address: JobAddress): Promise<'removed' | 'active' | 'missing'>;
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

const DEADLINE_MS = 250;

export function createProducer({ redis, prefix = DEFAULT_QUEUE_PREFIX, metrics }: ProducerOptions): Producer {
  const queues = new QueueSet(redis, prefix);
  const added = metrics.counter({
    name: 'sluice_queue_added_total',
    help: 'Jobs put into a queue, by outcome.',
    labels: ['queue', 'job', 'outcome'],
  });

  return {
    async add(name, { upstream, payload, jobId, delayMs, priority }) {
      const queue = queues.get(upstream, JOBS[name].queue);
      const options: JobsOptions = { jobId };
      if (delayMs !== undefined && delayMs > 0) options.delay = delayMs;
      if (priority !== undefined) options.priority = priority;
      try {
        await guarded(queue.add(name, payload, options));
        added.add({ queue: queue.name, job: name, outcome: 'added' });
      } catch (error) {
        added.add({ queue: queue.name, job: name, outcome: 'failed' });
        throw error;
      }
    },
    async remove({ name, upstream, jobId }) {
      const queue = queues.get(upstream, JOBS[name].queue);
      if ((await guarded(redis.exists(queue.toKey(jobId)))) === 0) return 'missing';
      return (await guarded(queue.remove(jobId))) === 1 ? 'removed' : 'active';
    },
    async promote({ name, upstream, jobId }) {
      const queue = queues.get(upstream, JOBS[name].queue);
      if ((await guarded(redis.zscore(queue.toKey('delayed'), jobId))) === null) return false;
      await guarded(queue.getBackend().promote(jobId));
      return true;
    },
    async counts(upstream, queueClass) {
      const queue = queues.get(upstream, queueClass);
      const counts = await guarded(queue.getJobCounts('wait', 'prioritized', 'active', 'delayed'));
      const { wait = 0, prioritized = 0, active = 0, delayed = 0 } = counts;
      return { waiting: wait + prioritized, active, delayed };
    },
    close: () => queues.close(),
  };
}

/** The queues in use, made when first named. */
class QueueSet {
  readonly #queues = new Map<string, Queue>();

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {
    // A store that came back may be an empty one.
    redis.on('ready', this.#setLimits);
  }

  get(upstream: string, queueClass: QueueClass): Queue {
    const name = queueName(upstream, queueClass);
    return this.#queues.get(name) ?? this.#create(name);
  }

  async close(): Promise<void> {
    this.redis.off('ready', this.#setLimits);
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
  }

  #create(name: string): Queue {
    const queue = new Queue(name, {
      connection: this.redis,
      prefix: this.prefix,
      // Nothing may wait for a connection here: a store that is not there is told at once.
      skipWaitingForReady: true,
      skipVersionCheck: true,
      skipMetasUpdate: true,
    });
    // The connection's owner hears of its errors already.
    queue.on('error', () => undefined);
    this.#queues.set(name, queue);
    this.#limit(queue);
    return queue;
  }

  readonly #setLimits = (): void => {
    for (const queue of this.#queues.values()) this.#limit(queue);
  };

  #limit(queue: Queue): void {
    const limits = { 'opts.maxLenEvents': EVENT_STREAM_LENGTH };
    queue.getBackend().setQueueMeta(limits).catch(() => undefined);
  }
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
