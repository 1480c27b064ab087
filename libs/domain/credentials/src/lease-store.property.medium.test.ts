import { randomBytes } from 'node:crypto';
import { createRedis } from '@sluice/platform-redis/create-redis';
import { redisReady } from '@sluice/platform-redis/redis-ready';
import type { Redis } from '@sluice/platform-redis/redis';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LeaseModel } from './__fixtures__/lease-model.js';
import { LeaseStore } from './lease-store.js';
import { restoreScript } from './pool-scripts.js';

/** Time moves in steps so long that what the test itself takes is nothing beside them, and a lease ends between two of them. */
const STEP_MS = 100_000;
const LEASE_MS = 30.5 * STEP_MS;
const LIMITS = { a: 1, b: 2, c: 3 } as const;
/** The first two are keys of one project. */
const GROUPS = { a: 'group:x:p', b: 'group:x:p' } as const;
const OWNERS = ['group:x:p', 'c'] as const;
const MODELS = ['m', 'n'] as const;
const IDS = Object.keys(LIMITS) as (keyof typeof LIMITS)[];
const RULE = { type: 'cool-down', state: 'rate_limited', baseMs: 1, maximumMs: 100 * STEP_MS, threshold: 1 } as const;
const STEPS = 250;
const RUNS = 51;
/** Independent worlds side by side, so that the store is asked for many things at once. */
const WORLDS = 8;

/** Time is the server's: instead of waiting, everything in it is moved into the past. */
const ADVANCE = `
for _, id in ipairs({'a', 'b', 'c'}) do
  local key = KEYS[1] .. ':leases:' .. id .. ':chat'
  for _, lease in ipairs(redis.call('ZRANGE', key, 0, -1)) do redis.call('ZINCRBY', key, -ARGV[1], lease) end
end
for _, owner in ipairs({'group:x:p', 'c'}) do
  local key = KEYS[1] .. ':rests:' .. owner
  local entries = redis.call('HGETALL', key)
  for place = 1, #entries, 2 do
    local ends, rest = string.match(entries[place + 1], '^(%d+)(:.*)$')
    redis.call('HSET', key, entries[place], string.format('%.0f', ends - ARGV[1]) .. rest)
  end
end`;

type Model = (typeof MODELS)[number];
type Owner = (typeof OWNERS)[number];
type Step =
  | { type: 'lease'; order: (keyof typeof LIMITS)[]; model: Model; isReplayed: boolean }
  | { type: 'rest'; owner: Owner; model: Model; toldMs: number }
  | { type: 'forget'; owner: Owner }
  | { type: 'release' | 'renew'; which: number; isReplayed: boolean }
  | { type: 'advance'; ms: number }
  /** Everything is lost; of the holders only some are there to put their leases back before it opens. */
  | { type: 'lose'; answering: number };

const orders = fc.shuffledSubarray(IDS, { minLength: 1 });
const model = fc.constantFrom(...MODELS);
const owner = fc.constantFrom(...OWNERS);
/** Never a whole step: nothing ends in the same moment in which the store is asked. */
const toldMs = fc.nat({ max: 20 }).map((count) => (count + 0.5) * STEP_MS);
const which = fc.nat({ max: 15 });
const isReplayed = fc.boolean();
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('lease' as const), order: orders, model, isReplayed }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('rest' as const), owner, model, toldMs }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('forget' as const), owner }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('release' as const), which, isReplayed }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('renew' as const), which, isReplayed }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('advance' as const),
      ms: fc.integer({ min: 1, max: 40 }).map((count) => count * STEP_MS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('lose' as const), answering: fc.nat({ max: 100 }) }) },
);

let redis: Redis;
let steps = 0;

beforeAll(async () => {
  const { url } = await createTestRedis();
  redis = createRedis({ url, role: 'request', name: 'test', onError: () => undefined, commandTimeoutMs: 10_000 });
  await redisReady(redis, AbortSignal.timeout(5_000));
});
afterAll(() => redis.disconnect());

/** The store and the model beside it, and who believes to hold what. */
class World {
  readonly prefix = `test-${randomBytes(6).toString('hex')}`;
  readonly model = new LeaseModel(LIMITS, LEASE_MS, GROUPS);
  readonly store = new LeaseStore({ redis, prefix: this.prefix, leaseMs: LEASE_MS });
  /** Everything that was ever given, newest last: replays and renewals of what is long over come from here. */
  readonly given: { id: string; leaseId: string }[] = [];
  private leaseCount = 0;

  async open(): Promise<void> {
    await redis.set(`${this.prefix}:pool:epoch`, String((Date.now() + this.leaseCount) * 1_000), 'NX');
    this.model.isOpen = true;
  }

  async run(step: Step): Promise<void> {
    steps += 1;
    if (step.type === 'lease') return this.lease(step);
    if (step.type === 'rest') return this.rest(step);
    if (step.type === 'forget') return this.forget(step.owner);
    if (step.type === 'advance') return this.advance(step.ms);
    if (step.type === 'lose') return this.lose(step.answering);
    const one = this.given.at(-1 - step.which);
    if (one === undefined) return;
    for (let time = 0; time < (step.isReplayed ? 2 : 1); time += 1) await this[step.type](one);
  }

  async lease({ order, model: wanted, isReplayed: isTwice }: Extract<Step, { type: 'lease' }>): Promise<void> {
    const leaseId = `l${this.leaseCount++}`;
    for (let time = 0; time < (isTwice ? 2 : 1); time += 1) {
      const candidates = order.map((credentialId) => ({
        credentialId,
        limit: LIMITS[credentialId],
        restOwner: this.model.ownerOf(credentialId),
      }));
      const reply = await this.store.lease({ use: 'chat', model: wanted, leaseId, candidates });
      const expected = this.model.lease(leaseId, order, wanted);
      expect(reply).toMatchObject({ type: 'asked' });
      if (reply.type !== 'asked') return;
      expect(reply.taken?.position).toBe(expected);
      if (reply.taken === undefined) continue;
      // Whoever is newer has the greater epoch: no two are ever taken for the current one.
      expect(reply.taken.epoch).toBeGreaterThan(this.model.lastEpoch);
      this.model.lastEpoch = reply.taken.epoch;
      this.given.push({ id: order[reply.taken.position] ?? 'a', leaseId });
    }
  }

  async rest(refusal: Extract<Step, { type: 'rest' }>): Promise<void> {
    const { restMs } = await this.store.restModel({ ...refusal, epoch: this.model.lastEpoch, rule: RULE });
    const expectedMs = this.model.rest(refusal.owner, refusal.model, refusal.toldMs);
    expect(Math.abs(restMs - expectedMs)).toBeLessThan(STEP_MS / 4);
  }

  async forget(forgotten: Owner): Promise<void> {
    this.model.forget(forgotten);
    await this.store.reset('nobody', forgotten);
  }

  async release({ id, leaseId }: { id: string; leaseId: string }): Promise<void> {
    this.model.release(id, leaseId);
    await this.store.release({ credentialId: id, use: 'chat', leaseId, queue: 'q' });
  }

  async renew({ id, leaseId }: { id: string; leaseId: string }): Promise<void> {
    const [isKept] = await this.store.renew([
      { credentialId: id, use: 'chat', leaseId, limit: this.model.limitOf(id) },
    ]);
    expect(isKept).toBe(this.model.renew(id, leaseId));
  }

  async advance(ms: number): Promise<void> {
    this.model.advance(ms);
    await redis.eval(ADVANCE, 1, `${this.prefix}:pool`, ms);
  }

  async lose(answering: number): Promise<void> {
    const holders = this.given.filter(({ id, leaseId }) => this.model.isLive(id, leaseId));
    await redis.del(`${this.prefix}:pool:epoch`, ...IDS.map((id) => `${this.prefix}:pool:leases:${id}:chat`));
    await redis.del(...OWNERS.map((one) => `${this.prefix}:pool:rests:${one}`));
    this.model.lose();
    const closed = await this.store.lease({
      use: 'chat',
      leaseId: 'early',
      candidates: [{ credentialId: 'a', limit: 1 }],
    });
    expect(closed).toEqual({ type: 'closed' });
    for (const [place, holder] of holders.entries()) if (place * 7 <= answering) await this.renew(holder);
    await this.restore();
    await this.open();
    // The others come too late: they keep what there is room for, and nothing else.
    for (const [place, holder] of holders.entries()) if (place * 7 > answering) await this.renew(holder);
  }

  /** From what the database remembers; what is over by then is left out. */
  async restore(): Promise<void> {
    const [seconds] = await redis.time();
    const args = this.model
      .remembered()
      .flatMap(({ owner: one, model: resting, restMs }) => ['m', one, resting, Number(seconds) * 1_000 + restMs, 1]);
    await restoreScript.run(redis, [`${this.prefix}:pool`], args);
  }

  async check(): Promise<void> {
    for (const id of IDS) {
      const count = await redis.zcard(`${this.prefix}:pool:leases:${id}:chat`);
      expect(this.model.live(id)).toBeLessThanOrEqual(LIMITS[id]);
      expect(count).toBeLessThanOrEqual(LIMITS[id]);
    }
  }

  /** When all holders are gone for good, every slot is there again, and not one more. */
  async checkNothingLeaked(): Promise<void> {
    await this.advance(LEASE_MS + 1);
    for (const id of IDS) {
      for (let slot = 0; slot < LIMITS[id]; slot += 1) {
        const reply = await this.store.lease({
          use: 'chat',
          leaseId: `end${slot}`,
          candidates: [{ credentialId: id, limit: LIMITS[id] }],
        });
        expect(reply).toMatchObject({ type: 'asked', taken: { position: 0 } });
      }
      const beyond = await this.store.lease({
        use: 'chat',
        leaseId: 'beyond',
        candidates: [{ credentialId: id, limit: LIMITS[id] }],
      });
      expect(beyond).toMatchObject({ type: 'asked', taken: undefined });
    }
  }
}

test('100,000 random steps: never more leases than the limit, none of a model that rests, no leaked slot, no epoch twice', async () => {
  const property = fc.asyncProperty(
    fc.array(stepArbitrary, { minLength: STEPS, maxLength: STEPS }),
    async (sequence) => {
      const world = new World();
      await world.open();
      for (const [number, step] of sequence.entries()) {
        await world.run(step);
        if (number % 10 === 0) await world.check();
      }
      await world.checkNothingLeaked();
    },
  );
  await Promise.all(Array.from({ length: WORLDS }, () => fc.assert(property, { numRuns: RUNS, endOnFailure: true })));
  expect(steps).toBeGreaterThanOrEqual(100_000);
}, 60_000);
