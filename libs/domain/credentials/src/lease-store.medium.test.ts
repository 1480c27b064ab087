import { randomBytes } from 'node:crypto';
import { createRedis } from '@sluice/platform-redis/create-redis';
import { redisReady } from '@sluice/platform-redis/redis-ready';
import type { Redis } from '@sluice/platform-redis/redis';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CoolDown } from './credential-policy.js';
import { LeaseStore, type LeaseAsk } from './lease-store.js';

const LEASE_MS = 30_000;
const rule: CoolDown = { type: 'cool-down', state: 'rate_limited', baseMs: 10_000, maximumMs: 60_000, threshold: 1 };
let redis: Redis;

beforeAll(async () => {
  const { url } = await createTestRedis();
  redis = createRedis({ url, role: 'request', name: 'test', onError: () => undefined, commandTimeoutMs: 2_000 });
  await redisReady(redis, AbortSignal.timeout(5_000));
});
afterAll(() => redis.disconnect());

function newStore() {
  const prefix = `test-${randomBytes(4).toString('hex')}`;
  const store = new LeaseStore({ redis, prefix, leaseMs: LEASE_MS });
  const open = async () => {
    const [seconds, microseconds] = await redis.time();
    await redis.set(`${prefix}:pool:epoch`, Number(seconds) * 1_000_000 + Number(microseconds), 'NX');
  };
  const ask = async (options: Omit<LeaseAsk, 'use'> & Partial<LeaseAsk>) => {
    await open();
    const reply = await store.lease({ use: 'chat', ...options });
    if (reply.type !== 'asked') throw new Error(reply.type);
    return reply;
  };
  const take = (leaseId: string, ...candidates: [string, number][]) =>
    ask({ leaseId, candidates: candidates.map(([credentialId, limit]) => ({ credentialId, limit })) });
  const giveBack = (credentialId: string, leaseId: string) =>
    store.release({ credentialId, use: 'chat', leaseId, queue: 'q' });
  const renew = async (credentialId: string, leaseId: string, limit = 1) =>
    (await store.renew([{ credentialId, use: 'chat', leaseId, limit }]))[0];
  /** As if the holder had died so long ago that its lease ends `inMs` from now. */
  const age = async (credentialId: string, leaseId: string, inMs: number) => {
    const [seconds] = await redis.time();
    await redis.zadd(`${prefix}:pool:leases:${credentialId}:chat`, Number(seconds) * 1_000 + inMs, leaseId);
  };
  const forget = () => redis.del(`${prefix}:pool:epoch`, `${prefix}:pool:cooling`);
  return { store, prefix, ask, take, giveBack, renew, age, forget };
}

test('never gives more leases than the limit, and goes on to the next candidate', async () => {
  const { take } = newStore();
  const replies = await Promise.all(Array.from({ length: 10 }, (_, n) => take(`l${n}`, ['a', 1], ['b', 3])));
  const taken = replies.flatMap(({ taken: one }) => (one === undefined ? [] : [one.position]));
  expect(taken.toSorted((left, right) => left - right)).toEqual([0, 1, 1, 1]);
  expect(replies[9]?.passedOver).toEqual([
    { type: 'full', forMs: expect.any(Number) },
    { type: 'full', forMs: expect.any(Number) },
  ]);
});

test('zero is no limit, and uses are counted apart', async () => {
  const { take, ask } = newStore();
  for (let n = 0; n < 50; n++) expect((await take(`l${n}`, ['a', 0])).taken).toBeDefined();
  expect((await take('one', ['b', 1])).taken).toBeDefined();
  expect(
    (await ask({ use: 'embedding', leaseId: 'two', candidates: [{ credentialId: 'b', limit: 1 }] })).taken,
  ).toBeDefined();
});

test('a slot comes back by release and by the end of a lease that nobody renewed', async () => {
  const { take, giveBack, age } = newStore();
  await take('one', ['a', 1]);
  expect((await take('two', ['a', 1])).taken).toBeUndefined();
  await giveBack('a', 'one');
  expect((await take('two', ['a', 1])).taken).toBeDefined();
  await age('a', 'two', -5_000);
  expect((await take('three', ['a', 1])).taken).toBeDefined();
});

test('renews what is there, and tells that a lease was lost', async () => {
  const { take, renew, age } = newStore();
  await take('one', ['a', 1]);
  await age('a', 'one', 1_500);
  expect(await renew('a', 'one')).toBe(true);
  expect((await take('two', ['a', 1])).passedOver[0]?.forMs).toBeGreaterThan(25_000);
  await age('a', 'one', -5_000);
  await take('two', ['a', 1]);
  expect(await renew('a', 'one')).toBe(false);
});

test('epochs grow with every lease, also after Redis lost everything', async () => {
  const { take, forget } = newStore();
  const first = (await take('one', ['a', 0])).taken?.epoch ?? 0;
  const second = (await take('two', ['b', 0])).taken?.epoch ?? 0;
  await forget();
  const third = (await take('three', ['a', 0])).taken?.epoch ?? 0;
  expect(second).toBeGreaterThan(first);
  expect(third).toBeGreaterThan(second);
});

test('rests double with each failure in a row, up to the longest', async () => {
  const { take, store } = newStore();
  const rests: number[] = [];
  for (let n = 0; n < 5; n++) {
    // Another credential's leases move the epoch on, as time does.
    const epoch = (await take(`l${n}`, ['other', 0])).taken?.epoch ?? 0;
    rests.push((await store.coolDown({ credentialId: 'a', epoch, toldMs: undefined, rule })).restMs);
  }
  expect(rests.map((ms) => Math.round(ms / 1_000))).toEqual([10, 20, 40, 60, 60]);
});

test('failures of leases that were out together count once, and only make the rest longer', async () => {
  const { take, store } = newStore();
  const [one, two, three] = await Promise.all(['1', '2', '3'].map((id) => take(id, ['a', 0])));
  const fail = (reply: typeof one, toldMs?: number) =>
    store.coolDown({ credentialId: 'a', epoch: reply?.taken?.epoch ?? 0, toldMs, rule });
  expect((await fail(one)).restMs).toBe(10_000);
  expect((await fail(two)).restMs).toBeLessThanOrEqual(10_000);
  expect((await fail(three, 25_000)).restMs).toBe(25_000);
});

test('a resting credential is passed over, then tried by one, then ready after a success', async () => {
  const { take, giveBack, store } = newStore();
  const failed = (await take('one', ['a', 5])).taken?.epoch ?? 0;
  await giveBack('a', 'one');
  await store.coolDown({ credentialId: 'a', epoch: failed, toldMs: 10_000, rule });
  expect((await take('two', ['a', 5])).passedOver).toEqual([{ type: 'resting', forMs: expect.any(Number) }]);
  await store.reset('a');
  const again = (await take('three', ['a', 5])).taken;
  await giveBack('a', 'three');
  await store.coolDown({ credentialId: 'a', epoch: again?.epoch ?? 0, toldMs: 0, rule });
  const trial = (await take('four', ['a', 5])).taken;
  expect(trial?.isOnTrial).toBe(true);
  expect((await take('five', ['a', 5])).taken).toBeUndefined();
  expect(await store.recover('a', trial?.epoch ?? 0)).toBe(true);
  expect((await take('five', ['a', 5])).taken?.isOnTrial).toBe(false);
});

test('a success that began before the failure does not undo it', async () => {
  const { take, store } = newStore();
  const slow = (await take('slow', ['a', 0])).taken?.epoch ?? 0;
  const failed = (await take('fast', ['a', 0])).taken?.epoch ?? 0;
  await store.coolDown({ credentialId: 'a', epoch: failed, toldMs: 10_000, rule });
  expect(await store.recover('a', slow)).toBe(false);
  expect((await take('next', ['a', 0])).taken).toBeUndefined();
});

test('below the threshold failures are counted without a rest or a trial', async () => {
  const { take, store } = newStore();
  const patient = { ...rule, threshold: 2 };
  const first = (await take('1', ['a', 2])).taken?.epoch ?? 0;
  expect((await store.coolDown({ credentialId: 'a', epoch: first, toldMs: undefined, rule: patient })).restMs).toBe(0);
  const second = (await take('2', ['a', 2])).taken?.epoch ?? 0;
  expect((await store.coolDown({ credentialId: 'a', epoch: second, toldMs: undefined, rule: patient })).restMs).toBe(
    10_000,
  );
});

test('a closed pool gives no lease, takes back what its holders had, and opens again', async () => {
  const { take, renew, store, prefix } = newStore();
  await take('one', ['a', 1]);
  await redis.del(`${prefix}:pool:epoch`, `${prefix}:pool:leases:a:chat`);
  const candidates = [{ credentialId: 'a', limit: 1 }];
  expect(await store.lease({ use: 'chat', leaseId: 'two', candidates })).toEqual({ type: 'closed' });
  expect(await renew('a', 'one')).toBe(true);
  expect((await take('two', ['a', 1])).taken).toBeUndefined();
});

const perHour = { type: 'requests', owner: 'a', name: 'hourly', count: 2, perMs: 3_600_000 } as const;

test('a window takes so many and no more till it is over, whoever shares it', async () => {
  const { ask, prefix } = newStore();
  const use = (leaseId: string, credentialId: string) =>
    ask({ leaseId, candidates: [{ credentialId, limit: 0, rules: [perHour] }] });
  expect((await use('one', 'a')).taken?.left).toBe(1);
  expect((await use('two', 'b')).taken?.left).toBe(0);
  expect((await use('three', 'a')).passedOver).toEqual([{ type: 'used-up', forMs: expect.any(Number) }]);
  expect((await use('three', 'a')).passedOver[0]?.forMs).toBeGreaterThan(3_590_000);
  await redis.hset(`${prefix}:pool:windows:a`, 'hourly', `${Date.now() - 1}:2`);
  expect((await use('four', 'a')).taken).toBeDefined();
});

test('tokens count when a use ends', async () => {
  const { ask, store } = newStore();
  const rule = { ...perHour, type: 'tokens', count: 1_000 } as const;
  const use = (leaseId: string) => ask({ leaseId, candidates: [{ credentialId: 'a', limit: 0, rules: [rule] }] });
  expect((await use('one')).taken).toBeDefined();
  await store.release({
    credentialId: 'a',
    use: 'chat',
    leaseId: 'one',
    queue: 'q',
    tokens: { used: 999, rules: [rule] },
  });
  expect((await use('two')).taken).toBeDefined();
  await store.release({
    credentialId: 'a',
    use: 'chat',
    leaseId: 'two',
    queue: 'q',
    tokens: { used: 1, rules: [rule] },
  });
  expect((await use('three')).passedOver[0]?.type).toBe('used-up');
});

test('simultaneous uses are counted per model beside those per use', async () => {
  const { ask, store } = newStore();
  const rules = [{ type: 'simultaneous', owner: 'a', name: 'heavy', count: 1, perMs: 0 }] as const;
  const heavy = (leaseId: string) => ask({ leaseId, candidates: [{ credentialId: 'a', limit: 5, rules }] });
  expect((await heavy('one')).taken).toBeDefined();
  expect((await heavy('two')).passedOver[0]?.type).toBe('used-up');
  expect((await ask({ leaseId: 'three', candidates: [{ credentialId: 'a', limit: 5 }] })).taken).toBeDefined();
  await store.release({ credentialId: 'a', use: 'chat', leaseId: 'one', model: 'heavy', queue: 'q' });
  expect((await heavy('four')).taken).toBeDefined();
});

test('those who wait are woken in their order, one for each slot, and only for what they can use', async () => {
  const { ask, giveBack, take, store } = newStore();
  await take('held', ['a', 1]);
  const wait = (id: string, sinceMs: number, model = 'm', pinned?: string, kind?: string) =>
    ask({
      leaseId: id,
      candidates: [{ credentialId: 'a', limit: 1 }],
      waiter: { id, sinceMs, queue: 'q', model, pinned, kind, isQueued: true },
    });
  const now = Date.now();
  expect((await wait('late', now)).queuePlace).toBe(0);
  expect((await wait('early', now - 50)).queuePlace).toBe(0);
  await wait('other', now - 100, 'n');
  await wait('pinned', now - 90, 'm', 'b');
  await wait('of-another-kind', now - 80, 'm', undefined, 'session');
  expect(await giveBack('a', 'held')).toEqual({ count: 5, next: undefined });
  const freed = { queue: 'q', credentialId: 'a', kind: 'api-key', count: 1 };
  expect(await store.wake({ ...freed, models: ['m'] })).toEqual(['early']);
  expect((await wait('early', now - 50)).taken).toBeDefined();
  await giveBack('a', 'early');
  expect(await store.wake({ ...freed, models: undefined })).toEqual(['other']);
  expect(await store.wake({ ...freed, count: 5, models: undefined })).toEqual(['late']);
  expect(await store.wake({ ...freed, count: 5, models: undefined, kind: 'session' })).toEqual(['of-another-kind']);
});

test('who gives a lease back calls the longest waiting of those who can use what it was', async () => {
  const { ask, take, store } = newStore();
  await take('held', ['a', 1]);
  const wait = (id: string, sinceMs: number, kind: string) =>
    ask({
      leaseId: id,
      candidates: [{ credentialId: 'a', limit: 1 }],
      waiter: { id, sinceMs, queue: 'q', model: 'm', pinned: undefined, kind, isQueued: true },
    });
  await wait('for-a-session', Date.now() - 100, 'session');
  await wait('for-a-key', Date.now(), 'api-key');
  const given = { credentialId: 'a', use: 'chat', leaseId: 'held', queue: 'q', nextFor: '*', served: 'm' } as const;
  expect(await store.release({ ...given, kind: 'api-key' })).toEqual({ count: 2, next: 'for-a-key' });
});

test('where nobody counts, leases of holders that are gone are cleared away all the same', async () => {
  const { take, age, prefix } = newStore();
  await age('a', 'dead', -1_000);
  const isThere = async () => (await redis.zscore(`${prefix}:pool:leases:a:chat`, 'dead')) !== null;
  for (let count = 0; count < 3_000 && (await isThere()); count += 1)
    expect(await take(`l${count % 9}`, ['a', 0])).toMatchObject({ taken: { position: 0, busy: undefined } });
  expect(await isThere()).toBe(false);
});

test('a session stays with its credential, comes back to a busy one, and moves from one that is out', async () => {
  const { ask, giveBack, store } = newStore();
  const sticky = { key: 's', ms: 60_000, isFree: false };
  const use = (leaseId: string, ids: string[], isFree = false) =>
    store.lease({
      use: 'chat',
      leaseId,
      sticky: { ...sticky, isFree },
      candidates: ids.map((credentialId) => ({ credentialId, limit: 1 })),
    });
  await ask({ leaseId: 'open', candidates: [{ credentialId: 'x', limit: 0 }] });
  expect(await use('one', ['a'])).toMatchObject({ taken: { position: 0 } });
  expect(await use('two', ['b', 'c'])).toEqual({ type: 'bound', credentialId: 'a' });
  expect(await use('two', ['a', 'b'])).toMatchObject({ taken: { position: 1 } });
  await giveBack('a', 'one');
  expect(await use('three', ['b'])).toEqual({ type: 'bound', credentialId: 'a' });
  expect(await use('three', ['c'], true)).toMatchObject({ taken: { position: 0 } });
  expect(await use('four', ['a'])).toEqual({ type: 'bound', credentialId: 'c' });
});
