import type { Lease } from '@sluice/contracts/credential';
import { startRedisServer, type RedisServer } from '@sluice/testing/start-redis-server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import type { CredentialPool } from './credential-pool.js';

let server: RedisServer;
let rig: PoolRig;

beforeEach(async () => {
  server = await startRedisServer();
  rig = await createPoolRig({ redisUrl: server.url });
});
afterEach(async () => {
  await rig.close();
  await server.stop();
});

const request = { upstream: 'openai', use: 'chat', model: 'm', generationId: 'gen' } as const;
async function tryLease(pool: CredentialPool): Promise<Lease | undefined> {
  const answer = await pool.lease(request).catch(() => undefined);
  return answer?.type === 'leased' ? answer.lease : undefined;
}
async function mustLease(pool: CredentialPool): Promise<Lease> {
  const lease = await tryLease(pool);
  if (lease === undefined) throw new Error('no lease');
  return lease;
}
async function add(fields: object): Promise<string> {
  return (await rig.admin.create({ upstream: 'openai', kind: 'api-key', secret: { apiKey: 'sk' }, ...fields }))
    .credential.id;
}
const losses = {
  FLUSHALL: () => rig.redis.flushall().then(() => undefined),
  'kill -9 and a restart': async () => {
    await server.stop();
    server = await startRedisServer({ port: server.port });
  },
  'a restart with what was written down a second ago': async () => {
    await rig.redis.del(...(await rig.redis.keys('*:leases:*')));
    await rig.redis.set(`${rig.prefix}:pool:server`, 'the one before');
    await rig.redis.script('FLUSH');
  },
};

test.each(Object.entries(losses))(
  '%s: holders keep what they have, nobody gets more, and it goes on within 5 s',
  async (_name, lose) => {
    await add({ limits: { chat: 3 } });
    const pools = [await rig.newPool(), await rig.newPool()] as const;
    const held = [await mustLease(pools[0]), await mustLease(pools[1])];
    const epoch = Math.max(...held.map((lease) => lease.epoch));
    await lose();
    const third = await vi.waitFor(() => mustLease(pools[0]), { timeout: 5_000, interval: 20 });
    expect(third.epoch).toBeGreaterThan(epoch);
    expect(await tryLease(pools[0])).toBeUndefined();
    expect(await tryLease(pools[1])).toBeUndefined();
    expect(await pools[0].renew(held[0] as Lease)).toBe(true);
    expect(await pools[1].renew(held[1] as Lease)).toBe(true);
    await pools[1].release(held[1] as Lease, { type: 'succeeded' });
    expect(await tryLease(pools[1])).toBeDefined();
  },
  15_000,
);

test('windows and rests are not forgotten', async () => {
  const id = await add({ settings: { windows: [{ use: 'chat', count: 2, perMs: 3_600_000 }] } });
  const pool = await rig.newPool();
  for (let used = 0; used < 2; used += 1) await pool.release(await mustLease(pool), { type: 'succeeded' });
  const isSaved = async () =>
    expect((await rig.repository.find(id))?.counters.windows).toEqual({
      'requests chat * 3600000': [expect.any(Number), 2],
    });
  await vi.waitFor(isSaved, { timeout: 3_000, interval: 50 });
  await rig.redis.flushall();
  const fresh = await rig.newPool();
  await vi.waitFor(async () => expect(await fresh.lease(request)).toMatchObject({ type: 'none-free' }), {
    timeout: 5_000,
    interval: 50,
  });
  expect(await tryLease(fresh)).toBeUndefined();
}, 15_000);

test('rests of single models are not forgotten', async () => {
  await add({ settings: { quotaGroup: 'p' } });
  const pool = await rig.newPool();
  const error = { code: 'upstream_rate_limited', message: 'no', scope: 'model', retryAfterMs: 3_600_000 } as const;
  await pool.release(await mustLease(pool), { type: 'failed', error });
  await rig.redis.flushall();
  const fresh = await rig.newPool();
  const ask = (model: string) => fresh.lease({ ...request, model });
  await vi.waitFor(async () => expect(await ask('other')).toMatchObject({ type: 'leased' }), { timeout: 5_000 });
  // What this process reads from the database aside: Redis itself knows it again.
  expect(await rig.redis.hkeys(`${rig.prefix}:pool:rests:group:openai:p`)).toEqual(['m']);
  expect(await ask('m')).toMatchObject({ type: 'none-free' });
}, 15_000);

test('the strategy of an upstream is applied while everything runs', async () => {
  const old = await add({ label: 'old' });
  await rig.admin.create({ upstream: 'openai', kind: 'api-key', secret: { apiKey: 'sk-2' } });
  const pool = await rig.newPool();
  const used = async () => {
    const lease = await mustLease(pool);
    await pool.release(lease, { type: 'succeeded' });
    return lease.credentialId;
  };
  expect(new Set([await used(), await used()]).size).toBe(2);
  await rig.postgres.query({
    text: `INSERT INTO setting (name, value, updated_at) VALUES ('pool:openai', '{"strategy": "fill-first"}', now())`,
  });
  await vi.waitFor(async () => expect([await used(), await used(), await used()]).toEqual([old, old, old]), {
    timeout: 3_000,
  });
});
