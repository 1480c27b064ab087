import { systemClock } from '@sluice/contracts/clock';
import { coreEnvironment } from '@sluice/platform-config/core-environment';
import { loadConfig } from '@sluice/platform-config/load-config';
import { createLogger, type Logger } from '@sluice/platform-logger/logger';
import { mediaEnvironment } from '@sluice/platform-media/media-environment';
import { postgresEnvironment } from '@sluice/platform-postgres/postgres-environment';
import { redisEnvironment } from '@sluice/platform-redis/redis-environment';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { endOnSignal } from './end-on-signal.js';
import { openWorkerStores } from './worker-stores.js';
import { startWorker } from './start-worker.js';
import { workerEnvironment } from './worker-environment.js';

export function loadWorkerConfig() {
  return loadConfig({
    ...coreEnvironment,
    ...redisEnvironment,
    ...postgresEnvironment,
    ...mediaEnvironment,
    ...workerEnvironment,
  });
}
export type WorkerConfig = ReturnType<typeof loadWorkerConfig>;

/** A whole worker process for one upstream, from its variables to its end. */
export async function runWorker<Credential>(upstream: Upstream<Credential>): Promise<void> {
  const config = readConfig();
  const logger = createLogger({ service: upstream.manifest.worker, level: config.LOG_LEVEL });
  try {
    const stores = await openWorkerStores({ config, logger, service: upstream.manifest.worker });
    const worker = await startWorker({ upstream, config, logger, stores, clock: systemClock });
    logger.info({ port: worker.port, concurrency: config.WORKER_CONCURRENCY }, 'worker ready');
    endOnSignal({ logger, shutdownMs: config.SHUTDOWN_MS, end: (deadlineMs) => worker.stop(deadlineMs) });
  } catch (error) {
    failStart(logger, error);
  }
}

function readConfig(): WorkerConfig {
  try {
    return loadWorkerConfig();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(78);
  }
}

function failStart(logger: Logger, error: unknown): never {
  logger.fatal({ err: error }, 'the worker cannot start');
  logger.flush();
  process.exit(1);
}
