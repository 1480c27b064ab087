import type { ErrorCode } from '@sluice/contracts/error-code';
import type { Lease } from '@sluice/contracts/credential';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import type { CredentialPool } from './credential-pool.js';
import type { LeaseRequest, Turn } from './credential-source.js';

const request: LeaseRequest = { upstream: 'gemini', use: 'chat', model: 'flash', generationId: 'gen' };
const pro = { model: 'pro' };
let rig: PoolRig;

beforeEach(async () => {
  rig = await createPoolRig();
});
afterEach(() => rig.close());

let keyCount = 0;
async function addKey(project?: string, fields: object = {}): Promise<string> {
  const settings = project === undefined ? {} : { quotaGroup: project };
  const secret = { apiKey: `AIza-${keyCount++}` };
  return (await rig.admin.create({ upstream: 'gemini', kind: 'api-key', secret, settings, ...fields })).credential.id;
}
async function tryLease(pool: CredentialPool, more: Partial<LeaseRequest> = {}): Promise<Lease | undefined> {
  const answer = await pool.lease({ ...request, ...more });
  return answer.type === 'leased' ? answer.lease : undefined;
}
async function mustLease(pool: CredentialPool, more: Partial<LeaseRequest> = {}): Promise<Lease> {
  const lease = await tryLease(pool, more);
  if (lease === undefined) throw new Error('no lease');
  return lease;
}
const refused = (retryAfterMs?: number, code: ErrorCode = 'upstream_rate_limited') => {
  const told = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { type: 'failed', error: { code, message: 'Please wait.', scope: 'model', ...told } } as const;
};
const done = { type: 'succeeded' } as const;

describe('a refusal that is of one model', () => {
  test('rests that model for all keys of the project in every worker; other models and projects go on', async () => {
    const [one, two] = [await addKey('p'), await addKey('p')];
    const [here, there] = [await rig.newPool(), await rig.newPool()];
    await here.release(await mustLease(here), refused(60_000));
    for (const pool of [here, there]) {
      expect(await tryLease(pool)).toBeUndefined();
      expect([one, two]).toContain((await mustLease(pool, pro)).credentialId);
      for (const pinned of [one, two]) {
        expect(await tryLease(pool, { pinned })).toBeUndefined();
        expect(await tryLease(pool, { pinned, use: 'upkeep' })).toBeDefined();
      }
    }
    const other = await addKey('q');
    for (const pool of [here, there]) {
      await vi.waitFor(async () => expect((await mustLease(pool)).credentialId).toBe(other));
    }
  });

  test('is over to the moment, for all at once, and nobody has to prove it', async () => {
    const id = await addKey();
    const pool = await rig.newPool();
    await pool.release(await mustLease(pool), refused(300));
    const answer = await pool.lease(request);
    const inMs = answer.type === 'none-free' ? (answer.noneFree.retryAtMs ?? 0) - Date.now() : 0;
    expect(inMs).toBeGreaterThan(200);
    expect(inMs).toBeLessThanOrEqual(300);
    await vi.waitFor(() => mustLease(pool), { timeout: inMs + 100, interval: 10 });
    for (let more = 0; more < 5; more += 1) expect((await mustLease(pool)).credentialId).toBe(id);
  });

  test('the whole credential rests where the refusal was of it', async () => {
    await addKey();
    const pool = await rig.newPool();
    const { scope: _, ...error } = refused(60_000).error;
    await pool.release(await mustLease(pool), { type: 'failed', error });
    expect(await tryLease(pool, pro)).toBeUndefined();
  });

  test('a session goes to another key meanwhile', async () => {
    await addKey();
    await addKey();
    const pool = await rig.newPool();
    const first = await mustLease(pool, { sticky: 's' });
    await pool.release(first, refused(60_000));
    const second = await mustLease(pool, { sticky: 's' });
    expect(second.credentialId).not.toBe(first.credentialId);
    await pool.release(second, done);
    expect(await mustLease(pool, { sticky: 's' })).toMatchObject({ credentialId: second.credentialId });
  });
});

describe('operators', () => {
  test('see which models rest, until when and why, with every key of the project', async () => {
    const [one, two] = [await addKey('p'), await addKey('p')];
    const pool = await rig.newPool();
    await pool.release(await mustLease(pool), refused(60_000));
    await pool.release(await mustLease(pool, pro), refused(3_600_000, 'upstream_quota_exhausted'));
    for (const id of [one, two]) {
      const { state, restingModels } = await rig.admin.get(id);
      expect(state).toBe('ready');
      expect(restingModels.toSorted((left, right) => left.model.localeCompare(right.model))).toEqual([
        { model: 'flash', state: 'rate_limited', reason: 'Please wait.', nextTryAt: expect.any(String) },
        { model: 'pro', state: 'quota_exhausted', reason: 'Please wait.', nextTryAt: expect.any(String) },
      ]);
    }
    const [flash] = (await rig.admin.get(one)).restingModels;
    expect(Date.parse(flash?.nextTryAt ?? '') - Date.now()).toBeGreaterThan(50_000);
  });

  test.each([
    ['one', (id: string) => rig.admin.reset(id)],
    ['many', (id: string) => rig.services.bulk.run({ action: 'reset', selection: { ids: [id] } })],
  ])('end the rests of a project by resetting %s of its keys', async (_which, reset) => {
    const [one, two] = [await addKey('p'), await addKey('p')];
    const pools = [await rig.newPool(), await rig.newPool()];
    const held = await Promise.all(pools.map((pool) => mustLease(pool)));
    for (const [place, lease] of held.entries()) await pools[place]?.release(lease, refused(3_600_000));
    for (const pool of pools) expect(await tryLease(pool)).toBeUndefined();
    await reset(one);
    for (const id of [one, two]) expect((await rig.admin.get(id)).restingModels).toEqual([]);
    for (const pool of pools) await vi.waitFor(() => mustLease(pool));
  });

  test('a key that moves to another project leaves the rests of the old one behind', async () => {
    const id = await addKey('p');
    await addKey('p');
    const pool = await rig.newPool();
    await pool.release(await mustLease(pool), refused(3_600_000));
    await rig.admin.update(id, { settings: { quotaGroup: 'q' } });
    expect((await rig.admin.get(id)).restingModels).toEqual([]);
    await vi.waitFor(async () => expect((await mustLease(pool)).credentialId).toBe(id));
  });
});

describe('waiting', () => {
  const waiting = { sinceMs: Date.now() - 2_000, isAgain: false };

  test('who waits for a model is told when its rest is over; before that, only who waits for others', async () => {
    await addKey(undefined, { limits: { chat: 2 } });
    const turns: string[] = [];
    const onTurn = async ({ generationId }: Turn) => turns.push(generationId) > 0;
    const pool = await rig.newPool({ onTurn });
    const [held, other] = [await mustLease(pool), await mustLease(pool, pro)];
    await pool.lease({ ...request, generationId: 'flash', waiting });
    await pool.lease({ ...request, ...pro, generationId: 'pro', waiting: { ...waiting, sinceMs: Date.now() } });
    await pool.release(held, refused(250));
    expect(turns).toEqual(['pro']);
    await pool.release(other, done);
    expect(turns).toEqual(['pro']);
    await vi.waitFor(() => expect(turns).toEqual(['pro', 'flash']), { interval: 10 });
    expect(await tryLease(pool)).toBeDefined();
  });

  test('who waits for what rests does not stand in the way of the others', async () => {
    await addKey(undefined, { limits: { chat: 1 } });
    const turns: string[] = [];
    const pool = await rig.newPool({ onTurn: async ({ generationId }) => turns.push(generationId) > 0 });
    await pool.release(await mustLease(pool), refused(60_000));
    const held = await mustLease(pool, pro);
    for (let place = 0; place < 210; place += 1)
      await pool.lease({ ...request, generationId: `flash-${place}`, waiting });
    await pool.lease({ ...request, ...pro, generationId: 'pro', waiting: { ...waiting, sinceMs: Date.now() } });
    await pool.release(held, done);
    expect(turns).toEqual(['pro']);
  });
});

test('a guess doubles where the next refusal comes soon after the rest, and begins anew after a while', async () => {
  const { leases } = rig;
  const rule = { type: 'cool-down', state: 'rate_limited', baseMs: 4_000, maximumMs: 100_000, threshold: 1 } as const;
  const refuse = async (epoch: number, toldMs?: number) =>
    (await leases.restModel({ owner: 'o', model: 'm', epoch, toldMs, rule })).restMs;
  /** Time is the server's: what it knows is moved into the past. */
  const elapse = async (ms: number) => {
    const key = `${rig.prefix}:pool:rests:o`;
    const [endsAtMs, guess, epoch] = String(await rig.redis.hget(key, 'm')).split(':');
    await rig.redis.hset(key, 'm', `${Number(endsAtMs) - ms}:${guess}:${epoch}`);
  };
  const lastEpoch = async () => Number(await rig.redis.get(`${rig.prefix}:pool:epoch`));
  await rig.newPool();
  const first = await lastEpoch();
  expect(await refuse(first)).toBe(4_000);
  // It was out together with the first.
  expect(await refuse(first)).toBeLessThanOrEqual(4_000);
  await elapse(5_000);
  expect(await refuse(first + 1)).toBe(8_000);
  // What is told is obeyed, and never makes a rest shorter.
  expect(await refuse(first + 1, 30_000)).toBe(30_000);
  expect(await refuse(first + 1, 10_000)).toBeGreaterThan(25_000);
  await elapse(40_000);
  expect(await refuse(first + 2)).toBe(4_000);
});
