import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { assertNoEviction, redisTimeMs } from './check-redis.js';
import { createRedis, type RedisRole } from './create-redis.js';
import { defineScript } from './define-script.js';
import { redisReady } from './redis-ready.js';
import type { Redis } from './redis.js';

// The library of test stores stands on this one, so the server is started by hand here.
let folder: string;
let port: number;
let server: ChildProcess;
const opened: Redis[] = [];

async function startServer(): Promise<void> {
  const settings = { port, bind: '127.0.0.1', dir: folder, save: '', 'maxmemory-policy': 'noeviction' };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  server = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!server.stdout) throw new Error('no output to wait for');
  for await (const line of createInterface({ input: server.stdout })) if (line.includes('Ready to accept')) break;
}

async function stopServer(): Promise<void> {
  const exited = once(server, 'exit');
  server.kill('SIGKILL');
  await exited;
}

function open(role: RedisRole): Redis {
  const redis = createRedis({ url: `redis://127.0.0.1:${port}`, role, name: 'test', onError: () => undefined });
  opened.push(redis);
  return redis;
}

async function openReady(role: RedisRole): Promise<Redis> {
  const redis = open(role);
  await redisReady(redis, AbortSignal.timeout(5_000));
  return redis;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-redis-'));
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  port = (probe.address() as AddressInfo).port;
  await new Promise((resolve) => probe.close(resolve));
  await startServer();
});

afterAll(async () => {
  for (const redis of opened) redis.disconnect();
  await stopServer();
  await rm(folder, { recursive: true, force: true });
});

describe('a script', () => {
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return pathToFileURL(join(folder, name));
  };

  test('runs by its hash, and again after the store forgot it', async () => {
    const url = await file('double.1.lua', "return { KEYS[1], ARGV[1] * 2, redis.call('INCR', KEYS[1]) }");
    const script = defineScript<[string, number, number]>({ name: 'double', url, keys: 1 });
    const redis = await openReady('request');

    expect(await script.run(redis, ['counter'], [21])).toEqual(['counter', 42, 1]);
    expect(await script.run(redis, ['counter'], ['4'])).toEqual(['counter', 8, 2]);
    await redis.script('FLUSH');
    expect(await Promise.all([script.run(redis, ['counter'], [1]), script.run(redis, ['counter'], [2])])).toHaveLength(
      2,
    );
    expect(await redis.get('counter')).toBe('4');
  });

  test('that is defined on a connection takes a list, and is sent again where the store forgot it', async () => {
    const redis = await openReady('worker');
    redis.defineCommand('joined', { lua: "return KEYS[1] .. ':' .. table.concat(ARGV, ',')", numberOfKeys: 1 });
    const call = (): Promise<unknown> =>
      Reflect.apply(Reflect.get(redis, 'joined'), redis, [['key', 1, null, Buffer.from('é')]]);
    expect(await Promise.all([call(), call()])).toEqual(['key:1,,é', 'key:1,,é']);
    await redis.script('FLUSH');
    expect(await call()).toBe('key:1,,é');
  });

  test('passes its own errors on, and bytes unchanged', async () => {
    const failing = defineScript({
      name: 'fail',
      url: await file('fail.0.lua', "return redis.error_reply('ERR mine')"),
      keys: 0,
    });
    const redis = await openReady('request');
    await expect(failing.run(redis, [], [])).rejects.toThrow('ERR mine');

    const store = defineScript({
      name: 'store',
      url: await file('store.1.lua', "return redis.call('SET', KEYS[1], ARGV[1])"),
      keys: 1,
    });
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    await store.run(redis, ['bytes'], [bytes]);
    expect(await redis.getBuffer('bytes')).toEqual(bytes);
  });

  test('is refused where its file, its keys and its calls do not agree', async () => {
    const url = await file('two.2.lua', 'return 1');
    expect(() => defineScript({ name: 'two', url, keys: 1 })).toThrow('does not end in .1.lua');
    const script = defineScript({ name: 'two', url, keys: 2 });
    await expect(script.run(await openReady('request'), ['one'], [])).rejects.toThrow('takes 2 keys, not 1');
  });
});

describe('what is said in one turn', () => {
  test('leaves in few writes', async () => {
    const redis = await openReady('request');
    const write = vi.spyOn(redis.stream, 'write');
    const turns = [0, 1].map(
      (turn) => () => Array.from({ length: 40 }, (_, index) => redis.set('few', 40 * turn + index)),
    );
    for (const turn of turns) await Promise.all(turn());
    // The very first met an idle store, and nobody had said much before.
    expect(write).toHaveBeenCalledTimes(4 + 3);
    expect(await redis.get('few')).toBe('79');
  });

  test('leaves at once while there is little to say and the store is idle', async () => {
    const redis = await openReady('request');
    const write = vi.spyOn(redis.stream, 'write');
    const first = redis.set('one', 1);
    expect(write).toHaveBeenCalledTimes(1);
    const second = redis.set('two', 2);
    expect(write).toHaveBeenCalledTimes(1);
    await Promise.all([first, second]);
    expect(write).toHaveBeenCalledTimes(2);

    void redis.set('three', 3);
    expect(write).toHaveBeenCalledTimes(3);
    expect(await redis.mget('one', 'two', 'three')).toEqual(['1', '2', '3']);
  });

  test('leaves with the rest where nobody waits for the answer', async () => {
    const url = pathToFileURL(join(folder, 'patient.1.lua'));
    await writeFile(url, "return redis.call('INCR', KEYS[1])");
    const script = defineScript<number>({ name: 'patient', url, keys: 1, isPatient: true });
    const redis = await openReady('request');
    await script.run(redis, ['patient'], []);
    const write = vi.spyOn(redis.stream, 'write');
    const answers = [script.run(redis, ['patient'], []), redis.get('patient')];
    expect(write).not.toHaveBeenCalled();
    expect(await Promise.all(answers)).toEqual([2, '2']);
    expect(write).toHaveBeenCalledTimes(1);
  });

  test('arrives in its order and unchanged, whichever way it goes', async () => {
    const redis = await openReady('worker');
    const values = ['small', '日本'.repeat(40_000), Buffer.from([0, 128, 255]), Buffer.alloc(50_000, 200), 'é', ''];
    await Promise.all([
      ...values.map((value) => redis.rpush('order', value)),
      redis.pipeline().rpush('order', 'by pipeline').exec(),
      redis.rpush('order', 'between'),
      redis.multi().rpush('order', 'by transaction').exec(),
      redis.rpush('order', 'last'),
    ]);
    const ends = ['by pipeline', 'between', 'by transaction', 'last'];
    const expected = [...values, ...ends].map((value) => Buffer.from(value).toString('hex'));
    const found = await redis.lrangeBuffer('order', 0, -1);
    expect(found.map((value) => value.toString('hex'))).toEqual(expected);
  });

  test('is sent although the connection is then closed', async () => {
    const redis = await openReady('worker');
    const answer = redis.set('farewell', 'said').catch(() => undefined);
    redis.disconnect();
    await answer;
    const other = await openReady('worker');
    await expect.poll(() => other.get('farewell')).toBe('said');
  });
});

describe('the checks', () => {
  test('a store that may evict is refused, one that may not is taken', async () => {
    const redis = await openReady('worker');
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    await assertNoEviction(redis, warn);
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await expect(assertNoEviction(redis, warn)).rejects.toThrow('maxmemory-policy is allkeys-lru');
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    expect(warnings).toEqual([]);
  });

  test('where the policy cannot be read there is a warning', async () => {
    const admin = await openReady('worker');
    await admin.acl('SETUSER', 'guest', 'on', 'nopass', '~*', '+@all', '-config');
    const url = `redis://guest:any@127.0.0.1:${port}`;
    const guest = createRedis({ url, role: 'worker', name: 'test', onError: () => undefined });
    opened.push(guest);
    const warnings: string[] = [];
    await assertNoEviction(guest, (message) => void warnings.push(message));
    expect(warnings).toEqual([expect.stringContaining('noeviction')]);
  });

  test("the store's clock is told in milliseconds", async () => {
    const beforeMs = Date.now();
    const timeMs = await redisTimeMs(await openReady('request'));
    expect(timeMs).toBeGreaterThanOrEqual(beforeMs - 1);
    expect(timeMs).toBeLessThanOrEqual(Date.now() + 1);
  });
});

describe('a store that goes away', () => {
  test('a request fails at once, a worker and a subscriber wait and go on', async () => {
    const request = await openReady('request');
    const worker = await openReady('worker');
    const subscriber = await openReady('subscriber');
    await subscriber.subscribe('news');
    const heard = new Promise((resolve) => subscriber.once('message', (_channel, message) => resolve(message)));
    const gone = Promise.all([request, worker, subscriber].map((redis) => once(redis, 'close')));
    await stopServer();
    await gone;

    await expect(request.get('x')).rejects.toThrow();
    const waiting = worker.set('x', '1');
    await startServer();
    expect(await waiting).toBe('OK');
    await redisReady(request, AbortSignal.timeout(5_000));
    expect(await request.get('x')).toBe('1');
    await redisReady(subscriber, AbortSignal.timeout(5_000));
    while ((await request.publish('news', 'hello')) === 0) await new Promise(setImmediate);
    expect(await heard).toBe('hello');
  });

  test('what a worker had asked is asked again', async () => {
    const worker = await openReady('worker');
    const popped = worker.blpop('later', 0);
    const gone = new Promise((resolve) => worker.once('close', resolve));
    await stopServer();
    await gone;
    await startServer();
    await (await openReady('worker')).rpush('later', 'here');
    expect(await popped).toEqual(['later', 'here']);
  });

  test('a request to a store that does not answer ends after its time', async () => {
    const request = await openReady('request');
    server.kill('SIGSTOP');
    const startedAtMs = Date.now();
    await expect(request.get('x')).rejects.toThrow('timed out');
    server.kill('SIGCONT');
    expect(Date.now() - startedAtMs).toBeLessThan(2_500);
  });

  test('waiting for a connection ends with its signal', async () => {
    const redis = createRedis({ url: 'redis://127.0.0.1:1', role: 'worker', name: 'test', onError: () => undefined });
    opened.push(redis);
    await expect(redisReady(redis, AbortSignal.timeout(30))).rejects.toThrow('timeout');
  });
});
