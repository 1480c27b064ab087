import { join } from 'node:path';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { Logger } from '@sluice/platform-logger/logger';
import { createFileSystemMediaStore } from '@sluice/platform-media/file-system-media-store';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { Listener } from '@sluice/platform-postgres/listener';
import { assertNoEviction } from '@sluice/platform-redis/check-redis';
import { createRedis } from '@sluice/platform-redis/create-redis';
import type { Redis } from '@sluice/platform-redis/redis';
import { createMetrics, type Metrics } from '@sluice/platform-telemetry/metrics';
import type { WorkerConfig } from './run-worker.js';

/** The connections of a worker process. */
export interface WorkerStores {
  postgres: Postgres;
  /** Hears of changes that operators make. */
  listener: Listener;
  /**
   * For the queue, leases and live logs: one connection, so that what is said in one turn travels in one packet. It waits
   * for Redis to come back rather than fail, since a worker has time.
   */
  redis: Redis;
  /** For the queue's producer, which must not wait. */
  requestRedis: Redis;
  subscriber: Redis;
  media: MediaStore;
  metrics: Metrics;
  close(): Promise<void>;
}

export async function openWorkerStores(options: {
  config: WorkerConfig;
  logger: Logger;
  service: string;
}): Promise<WorkerStores> {
  const { config, logger, service } = options;
  const onError = (error: Error) => logger.warn({ err: error }, 'redis connection');
  const url = config.REDIS_URL;
  const redis = createRedis({ url, role: 'worker', name: `${service}:worker`, onError });
  const requestRedis = createRedis({ url, role: 'request', name: `${service}:request`, onError });
  const subscriber = createRedis({ url, role: 'subscriber', name: `${service}:subscriber`, onError });
  const postgres = createPostgres({
    url: config.DATABASE_URL,
    applicationName: service,
    poolSize: config.POSTGRES_POOL_SIZE,
    statementTimeoutMs: config.POSTGRES_STATEMENT_TIMEOUT_MS,
    connectTimeoutMs: config.POSTGRES_CONNECT_TIMEOUT_MS,
    onError: (error) => logger.warn({ err: error }, 'postgres connection'),
  });
  const listener = new Listener({
    url: config.DATABASE_URL,
    applicationName: `${service}:listener`,
    onError: (error) => logger.warn({ err: error }, 'postgres listener'),
  });
  await assertNoEviction(redis, (message) => logger.warn(message));
  return {
    postgres,
    listener,
    redis,
    requestRedis,
    subscriber,
    media: createFileSystemMediaStore({ root: config.SLUICE_MEDIA_ROOT ?? join(config.SLUICE_HOME, 'media') }),
    metrics: createMetrics({ service }),
    async close() {
      for (const connection of [redis, requestRedis, subscriber]) connection.disconnect();
      await listener.close();
      await postgres.close();
    },
  };
}
