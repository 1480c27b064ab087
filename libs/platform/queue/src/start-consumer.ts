import { type Clock, systemClock } from '@sluice/contracts/clock';
import type { QueueClass, QueuePolicy } from '@sluice/contracts/jobs';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Redis } from '@sluice/platform-redis/redis';
import type { Metrics } from '@sluice/platform-telemetry/metrics';
import { ConsumerWorker } from './consumer-worker.js';
import type { Handlers } from './handlers.js';
import { DEFAULT_QUEUE_PREFIX } from './queue-settings.js';

export interface ConsumerOptions {
  /** A connection of the role `worker`: shared with others, whose commands then travel with the queue's. The caller closes it. */
  redis: Redis;
  prefix?: string;
  upstream: string;
  queueClass: QueueClass;
  /** How many jobs run at once in this process; can be changed later. */
  concurrency: number;
  /** The class's own when absent. */
  policy?: QueuePolicy;
  handlers: Handlers;
  metrics: Metrics;
  logger: Logger;
  clock?: Clock;
}

/** Runs the jobs of one queue until it is closed; outlives restarts of the store. */
export interface Consumer {
  concurrency: number;
  /** The ids of the jobs that run now. */
  readonly running: readonly string[];
  /** Resolves when the first job can be taken. */
  ready(): Promise<void>;
  /** Takes no more jobs and waits for those that run; resolves with the ids that still run at the deadline. */
  drain(options: { deadlineMs: number }): Promise<readonly string[]>;
  /** Ends the signals of what still runs, and after `graceMs` hands it to the other consumers at once. */
  close(options?: { graceMs?: number }): Promise<void>;
}

export function startConsumer(options: ConsumerOptions): Consumer {
  return new ConsumerWorker({ prefix: DEFAULT_QUEUE_PREFIX, clock: systemClock, ...options });
}
