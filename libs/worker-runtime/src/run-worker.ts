import { systemClock } from '@sluice/contracts/clock';
import { credentialEnvironment } from '@sluice/domain-credentials/credential-environment';
import { coreEnvironment } from '@sluice/platform-config/core-environment';
import { loadConfig } from '@sluice/platform-config/load-config';
import { mediaEnvironment } from '@sluice/platform-media/media-environment';
import { postgresEnvironment } from '@sluice/platform-postgres/postgres-environment';
import { runProcess } from '@sluice/platform-process/run-process';
import { redisEnvironment } from '@sluice/platform-redis/redis-environment';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { startWorker } from './start-worker.js';
import { workerEnvironment } from './worker-environment.js';
import { openWorkerStores } from './worker-stores.js';

/** A whole worker process for one upstream. */
export function runWorker<Credential>(upstream: Upstream<Credential>): Promise<void> {
  const service = upstream.manifest.worker;
  return runProcess({
    service,
    loadConfig: () => loadWorkerConfig(),
    async start({ config, logger }) {
      const stores = await openWorkerStores({ config, logger, service });
      const worker = await startWorker({ upstream, config, logger, stores, clock: systemClock });
      logger.info({ port: worker.port, concurrency: config.WORKER_CONCURRENCY }, 'worker ready');
      return worker;
    },
  });
}

/** What a worker reads, from the environment where nothing else is given. */
export function loadWorkerConfig(environment?: Record<string, string | undefined>) {
  const shape = {
    ...coreEnvironment,
    ...redisEnvironment,
    ...postgresEnvironment,
    ...mediaEnvironment,
    ...credentialEnvironment,
    ...workerEnvironment,
  };
  return loadConfig(shape, environment);
}
export type WorkerConfig = ReturnType<typeof loadWorkerConfig>;
