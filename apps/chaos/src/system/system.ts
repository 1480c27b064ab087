import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { findFreePort } from '@sluice/testing/find-free-port';
import { call } from '../call.js';
import { openWebhooks, type Webhooks } from '../webhooks/open-webhooks.js';
import { KeptProcess } from './kept-process.js';
import { LaunchedSluice } from './launched-sluice.js';
import { startPostgres, startRedis, type Store } from './stores.js';
import { TcpProxy } from './tcp-proxy.js';

const SIMULATOR = fileURLToPath(new URL('../../../simulator/dist/main.js', import.meta.url));
const ACCOUNTS = 4;
const SLOTS = 40;
export const MODEL = 'chaos-video';

/** A whole Sluice of its own, with stores and an upstream that stand behind proxies. */
export interface System {
  sluice: LaunchedSluice;
  postgres: Store;
  redis: Store;
  proxies: Readonly<Record<'postgres' | 'redis' | 'upstream', TcpProxy>>;
  /** Past the proxy: what it tells is the truth that all is measured by. */
  simulatorUrl: string;
  database: Postgres;
  webhooks: Webhooks;
  stop(): Promise<void>;
}

export async function startSystem(): Promise<System> {
  const home = await mkdtemp(join(tmpdir(), 'sluice-chaos-'));
  // Postgres runs as another user when root starts it.
  await chmod(home, 0o711);
  const [postgres, redis] = await Promise.all([startPostgres(home), startRedis(home)]);
  const simulator = await startSimulator();
  const proxies = {
    postgres: await TcpProxy.start(postgres.port),
    redis: await TcpProxy.start(redis.port),
    upstream: await TcpProxy.start(simulator.port),
  };
  const sluice = await LaunchedSluice.start(home, {
    DATABASE_URL: `postgresql://sluice@127.0.0.1:${proxies.postgres.port}/postgres`,
    REDIS_URL: `redis://127.0.0.1:${proxies.redis.port}`,
    SLUICE_PORT: String(await findFreePort()),
    SLUICE_REPLICAS: 'gateway=2,sora-worker=2',
    SLUICE_DEMO: 'off',
    LOG_LEVEL: 'warn',
  });
  await addAccounts(sluice, proxies.upstream.port);
  const webhooks = await openWebhooks(sluice);
  const database = createPostgres({
    url: `postgresql://sluice@127.0.0.1:${postgres.port}/postgres`,
    applicationName: 'chaos',
  });
  return {
    sluice,
    postgres,
    redis,
    proxies,
    database,
    webhooks,
    simulatorUrl: `http://127.0.0.1:${simulator.port}`,
    async stop() {
      await database.close();
      await sluice.stop();
      webhooks.receiver.close();
      for (const proxy of Object.values(proxies)) proxy.close();
      await Promise.all([postgres.process, redis.process, simulator.process].map((each) => each.stop()));
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function startSimulator(): Promise<Store> {
  const port = await findFreePort();
  const keeper = new KeptProcess({
    command: process.execPath,
    args: [SIMULATOR],
    settings: { env: { SIMULATOR_PORT: String(port) } },
    ready: /listening/,
  });
  await keeper.start();
  return { port, process: keeper };
}

async function addAccounts(sluice: LaunchedSluice, upstreamPort: number): Promise<void> {
  const { gateway, adminToken } = await sluice.run();
  for (let index = 1; index <= ACCOUNTS; index += 1) {
    const { status, bytes } = await call({
      url: `${gateway}/admin/api/credentials`,
      headers: { authorization: `Bearer ${adminToken}` },
      body: {
        upstream: 'sora',
        kind: 'videos-api',
        label: `chaos ${index}`,
        secret: { apiKey: `sk-chaos-${index}` },
        baseUrl: `http://127.0.0.1:${upstreamPort}/v1`,
        models: [MODEL],
        limits: { video: SLOTS },
        allowPrivateNetwork: true,
      },
    });
    if (status !== 201 && status !== 200) throw new Error(`no account: ${status} ${bytes.toString()}`);
  }
}
