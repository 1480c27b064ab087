import type { QueueClass } from '@sluice/contracts/jobs';
import type { Redis } from '@sluice/platform-redis/redis';
import { Queue } from 'bullmq';
import { queueName } from './queue-name.js';
import { EVENT_STREAM_LENGTH } from './queue-settings.js';

/** The queues in use, made when first named. */
export class QueueSet {
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
    queue
      .getBackend()
      .setQueueMeta(limits)
      .catch(() => undefined);
  }
}
