import { join } from 'node:path';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { Logger } from '@sluice/platform-logger/logger';
import { createFileSystemMediaStore } from '@sluice/platform-media/file-system-media-store';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { Listener } from '@sluice/platform-postgres/listener';
import { assertNoEviction } from '@sluice/platform-redis/check-redis';
import { createRedis } from '@sluice/platform-redis/create-redis';
import type { Redis } from '@sluice/platform-redis/redis';
import { untilReady } from '@sluice/platform-redis/until-ready';
import { createMetrics, type Metrics } from '@sluice/platform-telemetry/metrics';
import type { GatewayConfig } from './gateway-environment.js';

/** The connections of a gateway replica. */
export interface GatewayStores {
  postgres: Postgres;
  listener: Listener;
  redis: Redis;
  subscriber: Redis;
  media: MediaStore;
  metrics: Metrics;
  close(): Promise<void>;
}

export async function openGatewayStores(config: GatewayConfig, logger: Logger): Promise<GatewayStores> {
  const onError = (error: Error) => logger.warn({ err: error }, 'redis connection');
  const url = config.REDIS_URL;
  const redis = createRedis({ url, role: 'request', name: 'gateway:request', onError });
  const subscriber = createRedis({ url, role: 'subscriber', name: 'gateway:subscriber', onError });
  const postgres = createPostgres({
    url: config.DATABASE_URL,
    applicationName: 'gateway',
    poolSize: config.POSTGRES_POOL_SIZE,
    statementTimeoutMs: config.POSTGRES_STATEMENT_TIMEOUT_MS,
    connectTimeoutMs: config.POSTGRES_CONNECT_TIMEOUT_MS,
    onError: (error) => logger.warn({ err: error }, 'postgres connection'),
  });
  const listener = new Listener({
    url: config.DATABASE_URL,
    applicationName: 'gateway:listener',
    onError: (error) => logger.warn({ err: error }, 'postgres listener'),
  });
  await Promise.all([subscriber.ping(), untilReady(redis)]);
  await assertNoEviction(redis, (message) => logger.warn(message));
  return {
    postgres,
    listener,
    redis,
    subscriber,
    media: createFileSystemMediaStore({ root: config.SLUICE_MEDIA_ROOT ?? join(config.SLUICE_HOME, 'media') }),
    metrics: createMetrics({ service: 'gateway' }),
    async close() {
      redis.disconnect();
      subscriber.disconnect();
      await listener.close();
      await postgres.close();
    },
  };
}
