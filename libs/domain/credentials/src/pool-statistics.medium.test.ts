import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import { countLeases } from './count-leases.js';
import { PoolStatistics } from './pool-statistics.js';
import { systemClock } from '@sluice/contracts/clock';

let rig: PoolRig;
beforeAll(async () => {
  rig = await createPoolRig();
});
afterAll(() => rig.close());

test('tells states, uses and when the next one is free', async () => {
  const make = async (apiKey: string, more: object = {}) =>
    (await rig.admin.create({ upstream: 'openai', kind: 'api-key', secret: { apiKey }, ...more })).credential.id;
  await make('sk-stat-1');
  await make('sk-stat-2', { enabled: false });
  const resting = await make('sk-stat-3');
  const nextTryAt = new Date(Date.now() + 60_000);
  await rig.repository.setState({ id: resting, state: 'quota_exhausted', reason: 'x', nextTryAt, epoch: 1 });
  const rested = await make('sk-stat-4');
  await rig.repository.setState({
    id: rested,
    state: 'rate_limited',
    reason: 'x',
    nextTryAt: new Date(Date.now() - 1_000),
    epoch: 1,
  });
  const statistics = new PoolStatistics({
    postgres: rig.postgres,
    clock: systemClock,
    countInUse: () => countLeases(rig.redis, rig.prefix),
  });
  const pool = await rig.newPool();
  const answer = await pool.lease({ upstream: 'openai', use: 'chat', model: 'm', generationId: 'g' });
  expect(answer.type).toBe('leased');
  // Holders that are gone: their leases are over, and nobody has cleared them away yet.
  for (const [id, lease] of [[resting, 'gone'] as const, [rested, 'gone too'] as const])
    await rig.redis.zadd(`${rig.prefix}:pool:leases:${id}:chat`, Date.now() - 5_000, lease);
  const none = { images: 0, videos: 0, errors: 0 };
  expect((await statistics.read()).upstreams[0]).toEqual({
    made: none,
    madeToday: none,
    upstream: 'openai',
    total: 4,
    demo: 0,
    byState: { ready: 2, disabled: 1, quota_exhausted: 1 },
    inUse: 1,
    leases: 1,
    nextFreeAt: nextTryAt.toISOString(),
  });
  if (answer.type === 'leased') await pool.release(answer.lease, { type: 'succeeded' });
  expect((await statistics.read()).upstreams[0]).toMatchObject({ inUse: 0, leases: 0 });
});

test('a lease goes out through the proxy of its credential, with its password', async () => {
  const proxyUrl = 'http://user:word@proxy.example.com:3128/';
  const { credential } = await rig.admin.create({
    upstream: 'openai',
    kind: 'api-key',
    secret: { apiKey: 'sk-proxied' },
    models: ['only'],
    settings: { proxyUrl },
  });
  const pool = await rig.newPool();
  const answer = await pool.lease({
    upstream: 'openai',
    use: 'chat',
    model: 'only',
    generationId: 'g',
    pinned: credential.id,
  });
  expect(answer).toMatchObject({ type: 'leased', lease: { proxyUrl } });
});
