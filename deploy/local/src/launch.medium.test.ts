import { once } from 'node:events';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createPostgres } from '@sluice/platform-postgres/create-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, launchForTest, makeHome, removeHome } from './launch.fixture.js';
import type { TestInstance } from './launch.fixture.js';
import { identifyProcess } from './process-identity.js';

async function isGone(pid: number): Promise<boolean> {
  return (await identifyProcess(pid)) === undefined;
}

async function stop(instance: TestInstance): Promise<void> {
  instance.signal('SIGTERM');
  await instance.launched.stopped;
}

describe('a running instance', () => {
  let home: string;
  let instance: TestInstance;

  beforeAll(async () => {
    home = await makeHome();
    instance = await launchForTest({ home });
  });

  afterAll(async () => {
    await stop(instance);
    await removeHome(home);
  });

  test('names every process and address in a private run.json', async () => {
    const run = await instance.readRunFile();
    expect(Object.keys(run.pids).toSorted()).toEqual(['fake-worker', 'gateway', 'postgres', 'redis']);
    expect(run.databaseUrl).toMatch(/^postgresql:\/\/sluice:\w+@127\.0\.0\.1:\d+\/sluice$/);
    expect(run.redisUrl).toMatch(/^redis:\/\/:\w+@127\.0\.0\.1:\d+$/);
    expect(run.apiKey).toMatch(/^sk-[0-9a-f]{48}$/);
    expect((await stat(join(home, 'run.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, 'secrets.json'))).mode & 0o777).toBe(0o600);
  });

  test('lets its services reach the stores by their sockets', async () => {
    const { pids } = await instance.readRunFile();
    const environment = await readFile(`/proc/${pids['gateway'] ?? 0}/environ`, 'utf8');
    const [, databaseUrl = ''] = /\0DATABASE_URL=([^\0]+)/.exec(environment) ?? [];
    const postgres = createPostgres({ url: databaseUrl, applicationName: 'test' });
    const { rows } = await postgres.query({ text: 'SELECT inet_server_port() AS port', values: [] });
    expect(rows).toEqual([{ port: null }]);
    await postgres.close();
    const [, redisSocket = ''] = /\0REDIS_URL=[^\0?]+\?path=([^\0]+)/.exec(environment) ?? [];
    const redis = createConnection(redisSocket);
    redis.write('PING\r\n');
    expect(String((await once(redis, 'data'))[0])).toContain('NOAUTH');
    redis.destroy();
  });

  test.each(['gateway', 'fake-worker', 'redis', 'postgres'])(
    'brings %s back after kill -9 and writes its new pid',
    async (name) => {
      const before = (await instance.readRunFile()).pids[name] ?? 0;
      process.kill(before, 'SIGKILL');
      const after = await eventually(async () => {
        const pid = (await instance.readRunFile()).pids[name];
        return pid !== undefined && pid !== before && pid;
      });
      await eventually(async () => (await identifyProcess(after)) !== undefined);
      expect(instance.printed()).toContain(`${name} was ended by SIGKILL`);
    },
  );

  test('lets no second launcher onto the same home', async () => {
    const second = launchForTest({ home });
    await expect(second).rejects.toThrow(`Another instance (process ${process.pid}) is running on the data folder`);
  });

  test('shows the lines of services in one readable log and keeps them raw', async () => {
    expect(instance.printed()).toMatch(/\d\d:\d\d:\d\d\.\d{3} gateway +info +listening port=\d+/);
    expect(await readFile(join(home, 'logs/gateway.log'), 'utf8')).toContain('"msg":"listening"');
  });
});

test('a Ctrl-C that arrives twice stops everything, and a service that will not end is ended', async () => {
  const home = await makeHome();
  const instance = await launchForTest({ home, serviceEnvironment: { FAKE_IGNORES_SIGTERM: 'yes' } });
  const { pids } = await instance.readRunFile();
  instance.signal('SIGINT');
  instance.signal('SIGINT');
  const startedAtMs = Date.now();
  await instance.launched.stopped;
  expect(Date.now() - startedAtMs).toBeLessThan(5_000);
  expect(await Promise.all(Object.values(pids).map(isGone))).toEqual([true, true, true, true]);
  await expect(instance.readRunFile()).rejects.toThrow('ENOENT');
  await removeHome(home);
});

test('secrets, addresses and data are the same after a restart', async () => {
  const home = await makeHome();
  const first = await launchForTest({ home });
  const before = await first.readRunFile();
  await stop(first);
  const second = await launchForTest({ home });
  const after = await second.readRunFile();
  await stop(second);
  const { pids: _, gateway: __, gateways: ___, ...lasting } = before;
  expect(after).toMatchObject(lasting);
  await removeHome(home);
});

test.runIf(process.getuid?.() === 0)(
  'keeps the database outside a home that the user of Postgres cannot enter',
  async () => {
    const home = await makeHome(0o700);
    const first = await launchForTest({ home });
    const { databaseUrl } = await first.readRunFile();
    const place = await realpath(join(home, 'postgres'));
    expect(place.startsWith(home)).toBe(false);
    expect(first.printed()).toContain(`the database is kept in ${place}`);
    await stop(first);
    const second = await launchForTest({ home });
    expect((await second.readRunFile()).databaseUrl).toBe(databaseUrl);
    expect(await realpath(join(home, 'postgres'))).toBe(place);
    await stop(second);
    await removeHome(home);
  },
);

test('a taken port is told in one message, and nothing is left running', async () => {
  const home = await makeHome();
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  await expect(launchForTest({ home, environment: { SLUICE_PORT: String(port) } })).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken by another program.\nSet SLUICE_PORT to another port`,
  );
  await expect(stat(join(home, 'launcher.lock'))).rejects.toThrow('ENOENT');
  taken.close();
  await removeHome(home);
});

test('a machine without Redis and without a way to get one is told what to do', async () => {
  const home = await makeHome();
  await expect(launchForTest({ home, environment: { PATH: '' } })).rejects.toThrow(
    /^Redis is missing[^]*set REDIS_URL/,
  );
  await expect(stat(join(home, 'launcher.lock'))).rejects.toThrow('ENOENT');
  await removeHome(home);
});
