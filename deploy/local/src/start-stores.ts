import { embeddedPostgres } from './embedded-postgres.js';
import { DATABASE_NAME } from './initialise-postgres.js';
import type { Instance } from './instance.js';
import { localRedis } from './local-redis.js';
import type { ProcessSet } from './process-set.js';
import { provisionRedis } from './provision-redis.js';
import { systemEnvironment } from './system-environment.js';
import type { Timings } from './timings.js';

const READY_LIMIT_MS = 60_000;

export interface Stores {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

interface StartStoresOptions {
  instance: Instance;
  processes: ProcessSet;
  timings: Timings;
  signal: AbortSignal;
  say(message: string): void;
}

/** Both at once; one whose address is given is not started. */
export async function startStores(options: StartStoresOptions): Promise<Stores> {
  const { DATABASE_URL, REDIS_URL } = options.instance.settings;
  const results = await Promise.allSettled([DATABASE_URL ?? startPostgres(options), REDIS_URL ?? startRedis(options)]);
  const [databaseUrl, redisUrl] = results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  return { databaseUrl: databaseUrl ?? '', redisUrl: redisUrl ?? '' };
}

async function startRedis({ instance, processes, timings, signal, say }: StartStoresOptions): Promise<string> {
  const { home, secrets, environment } = instance;
  return timings.measure('redis', async () => {
    const isRoot = process.getuid?.() === 0;
    const binary = await provisionRedis({ home: home.path, environment, isRoot, signal, say });
    const port = await instance.ports.portOf('redis');
    const password = secrets.redisPassword;
    processes.start(
      await localRedis({ binary, folder: home.redis, port, password, environment: systemEnvironment(environment) }),
    );
    await processes.untilReady({ names: ['redis'], limitMs: READY_LIMIT_MS, signal });
    return `redis://:${password}@127.0.0.1:${port}`;
  });
}

async function startPostgres({ instance, processes, timings, signal, say }: StartStoresOptions): Promise<string> {
  const { home, secrets, environment } = instance;
  return timings.measure('postgres', async () => {
    const port = await instance.ports.portOf('postgres');
    const password = secrets.postgresPassword;
    const spec = await embeddedPostgres({ home, port, password, environment: systemEnvironment(environment), say });
    signal.throwIfAborted();
    processes.start(spec);
    await processes.untilReady({ names: ['postgres'], limitMs: READY_LIMIT_MS, signal });
    return `postgresql://${DATABASE_NAME}:${password}@127.0.0.1:${port}/${DATABASE_NAME}`;
  });
}
