import { embeddedPostgres } from './embedded-postgres.js';
import { DATABASE_NAME } from './initialise-postgres.js';
import type { Instance } from './instance.js';
import { localRedis } from './local-redis.js';
import type { ProcessSet } from './process-set.js';
import { provisionRedis } from './provision-redis.js';
import { systemEnvironment } from './system-environment.js';
import type { Timings } from './timings.js';

const READY_LIMIT_MS = 60_000;

/** Where a store is reached: by whoever is on this machine, and by our services, the shortest way. */
export interface StoreAddress {
  readonly url: string;
  readonly serviceUrl: string;
}

export interface Stores {
  readonly database: StoreAddress;
  readonly redis: StoreAddress;
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
  const [database, redis] = await Promise.allSettled([
    DATABASE_URL ? given(DATABASE_URL) : startPostgres(options),
    REDIS_URL ? given(REDIS_URL) : startRedis(options),
  ]);
  return { database: valueOf(database), redis: valueOf(redis) };
}

const given = (url: string): StoreAddress => ({ url, serviceUrl: url });

function valueOf<Value>(result: PromiseSettledResult<Value>): Value {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

async function startRedis({ instance, processes, timings, signal, say }: StartStoresOptions): Promise<StoreAddress> {
  const { home, secrets, environment } = instance;
  return timings.measure('redis', async () => {
    const isRoot = process.getuid?.() === 0;
    const binary = await provisionRedis({ home: home.path, environment, isRoot, signal, say });
    const port = await instance.ports.portOf('redis');
    const password = secrets.redisPassword;
    const { service, socket } = await localRedis({
      binary,
      folder: home.redis,
      port,
      password,
      environment: systemEnvironment(environment),
    });
    processes.start(service);
    await processes.untilReady({ names: ['redis'], limitMs: READY_LIMIT_MS, signal });
    const url = `redis://:${password}@127.0.0.1:${port}`;
    return { url, serviceUrl: socket ? `${url}?path=${socket}` : url };
  });
}

async function startPostgres({ instance, processes, timings, signal, say }: StartStoresOptions): Promise<StoreAddress> {
  const { home, secrets, environment } = instance;
  return timings.measure('postgres', async () => {
    const port = await instance.ports.portOf('postgres');
    const password = secrets.postgresPassword;
    const { service, socketFolder } = await embeddedPostgres({
      home,
      port,
      password,
      environment: systemEnvironment(environment),
      say,
    });
    signal.throwIfAborted();
    processes.start(service);
    await processes.untilReady({ names: ['postgres'], limitMs: READY_LIMIT_MS, signal });
    const url = `postgresql://${DATABASE_NAME}:${password}@127.0.0.1:${port}/${DATABASE_NAME}`;
    return { url, serviceUrl: socketFolder ? `${url}?host=${socketFolder}` : url };
  });
}
