import { setImmediate } from 'node:timers/promises';
import type { Lease } from '@sluice/contracts/credential';
import type { ErrorCode } from '@sluice/contracts/error-code';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import type { CredentialPool } from './credential-pool.js';
import type { LeaseRequest } from './credential-source.js';

const request: LeaseRequest = { upstream: 'openai', use: 'chat', model: 'm', generationId: 'gen' };
let rig: PoolRig;

beforeEach(async () => {
  rig = await createPoolRig();
});
afterEach(() => rig.close());

let keyCount = 0;
async function addCredential(fields: object = {}): Promise<string> {
  const body = { upstream: 'openai', kind: 'api-key', secret: { apiKey: `sk-${keyCount++}` }, ...fields };
  return (await rig.admin.create(body)).credential.id;
}
async function tryLease(pool: CredentialPool, more: Partial<LeaseRequest> = {}): Promise<Lease | undefined> {
  const answer = await pool.lease({ ...request, ...more });
  return answer.type === 'leased' ? answer.lease : undefined;
}
async function mustLease(pool: CredentialPool, more: Partial<LeaseRequest> = {}): Promise<Lease> {
  const answer = await pool.lease({ ...request, ...more });
  if (answer.type === 'leased') return answer.lease;
  throw new Error(answer.noneFree.reason);
}
const failed = (code: ErrorCode, retryAfterMs?: number) =>
  ({
    type: 'failed',
    error: { code, message: 'it failed', ...(retryAfterMs !== undefined && { retryAfterMs }) },
  }) as const;

test('a lease carries the opened secret and where to go', async () => {
  const id = await addCredential({ secret: { apiKey: 'sk-secret' } });
  const lease = await mustLease(await rig.newPool());
  expect(lease).toMatchObject({
    credentialId: id,
    kind: 'api-key',
    secret: { apiKey: 'sk-secret' },
    baseUrl: 'https://api.openai.com/v1',
    allowPrivateNetwork: false,
    epoch: expect.any(Number),
  });
});

test.each([
  ['right clocks', 0, 0],
  ['clocks that are hours apart', 3_600_000, -3_600_000],
])(
  'two workers with %s never exceed the limits together, and all callers are served in the end',
  async (_clocks, ahead, behind) => {
    await addCredential({ limits: { chat: 1 } });
    await addCredential({ limits: { chat: 3 } });
    const pools = [await rig.newPool({ aheadMs: ahead }), await rig.newPool({ aheadMs: behind })];
    const using = new Map<string, number>();
    const most = new Map<string, number>();
    const serve = async (pool: CredentialPool): Promise<void> => {
      let lease = await tryLease(pool);
      for (; lease === undefined; lease = await tryLease(pool)) await setImmediate();
      const id = lease.credentialId;
      using.set(id, (using.get(id) ?? 0) + 1);
      most.set(id, Math.max(most.get(id) ?? 0, using.get(id) ?? 0));
      await setImmediate();
      using.set(id, (using.get(id) ?? 0) - 1);
      await pool.release(lease, { type: 'succeeded' });
    };
    await Promise.all(Array.from({ length: 60 }, (_, n) => serve(pools[n % 2] as CredentialPool)));
    expect(new Set(most.values())).toEqual(new Set([1, 3]));
  },
);

test('says when the next one is expected, and where none ever will be', async () => {
  const pool = await rig.newPool();
  expect(await pool.lease(request)).toMatchObject({ type: 'none-free', noneFree: { isHopeless: true } });
  const id = await addCredential({ limits: { chat: 1 } });
  const held = await vi.waitFor(() => mustLease(pool));
  const full = await pool.lease(request);
  expect(full).toMatchObject({ type: 'none-free', noneFree: { isHopeless: false } });
  expect(full.type === 'none-free' && full.noneFree.retryAtMs).toBeGreaterThan(Date.now() - 1_000);
  expect(await pool.lease({ ...request, excluded: [id] })).toMatchObject({ noneFree: { isHopeless: false } });
  await pool.release(held, { type: 'succeeded' });
  expect(await tryLease(pool)).toBeDefined();
});

test('an edit, a deletion and a new credential take effect in a running worker', async () => {
  const pool = await rig.newPool();
  const id = await addCredential({ models: ['n'] });
  await vi.waitFor(() => mustLease(pool, { model: 'n' }));
  await rig.admin.update(id, { models: ['m'] });
  await vi.waitFor(() => mustLease(pool, { model: 'm' }));
  expect(await tryLease(pool, { model: 'n' })).toBeUndefined();
  await rig.admin.update(id, { enabled: false });
  await vi.waitFor(async () => expect(await tryLease(pool)).toBeUndefined());
  await rig.admin.update(id, { enabled: true });
  await vi.waitFor(() => mustLease(pool));
  await rig.admin.delete(id);
  await vi.waitFor(async () => expect(await tryLease(pool)).toBeUndefined());
});

test("fifty of a client's own errors leave the credential ready", async () => {
  const id = await addCredential();
  const pool = await rig.newPool();
  for (const code of [
    'invalid_request',
    'context_too_long',
    'content_refused',
    'upstream_error',
    'upstream_unreachable',
  ] as const) {
    for (let n = 0; n < 10; n++) await pool.release(await mustLease(pool), failed(code));
  }
  expect(await rig.admin.get(id)).toMatchObject({ state: 'ready', reason: null });
});

test('a rate limit is told, kept from every worker, and over by itself', async () => {
  const id = await addCredential();
  const [pool, other] = [await rig.newPool(), await rig.newPool()];
  await pool.release(await mustLease(pool), failed('upstream_rate_limited', 300));
  expect(await rig.admin.get(id)).toMatchObject({
    state: 'rate_limited',
    reason: 'it failed',
    nextTryAt: expect.any(String),
  });
  expect(await pool.lease(request)).toMatchObject({
    type: 'none-free',
    noneFree: { isHopeless: false, retryAtMs: expect.any(Number) },
  });
  expect(await tryLease(other)).toBeUndefined();
  const trial = await vi.waitFor(() => mustLease(other));
  expect(await tryLease(pool)).toBeUndefined();
  await other.release(trial, { type: 'succeeded' });
  expect(await rig.repository.find(id)).toMatchObject({ state: 'ready', reason: null, nextTryAt: null });
  await vi.waitFor(() => mustLease(pool));
});

test('a refused credential is left alone, and is ready at once when its secret is replaced', async () => {
  const id = await addCredential();
  const pool = await rig.newPool();
  await pool.release(await mustLease(pool), failed('upstream_auth'));
  const view = await rig.admin.get(id);
  expect(view.state).toBe('auth_failed');
  expect(Date.parse(view.nextTryAt ?? '') - Date.now()).toBeGreaterThan(3_000);
  expect(await tryLease(pool)).toBeUndefined();
  expect(await rig.admin.update(id, { secret: { apiKey: 'sk-new' } })).toMatchObject({ state: 'ready', reason: null });
  const lease = await vi.waitFor(() => mustLease(pool));
  expect(lease.secret).toEqual({ apiKey: 'sk-new' });
});

test('demo credentials give way to the first real one', async () => {
  const demo = await addCredential({ demo: true });
  const pool = await rig.newPool();
  expect((await mustLease(pool)).credentialId).toBe(demo);
  const real = await addCredential();
  await vi.waitFor(async () => expect((await mustLease(pool)).credentialId).toBe(real));
});

test('a renewal moves the end, and tells when the lease is lost', async () => {
  await addCredential({ limits: { chat: 1 } });
  const pool = await rig.newPool();
  const lease = await mustLease(pool);
  lease.expiresAtMs = 0;
  expect(await pool.renew(lease)).toBe(true);
  expect(lease.expiresAtMs).toBeGreaterThan(Date.now() + 25_000);
  await rig.redis.del(`${rig.prefix}:pool:leases:${lease.credentialId}:chat`);
  await mustLease(await rig.newPool());
  expect(await pool.renew(lease)).toBe(false);
});

test('no secret lies in clear in Postgres or Redis', async () => {
  const marker = 'sk-planted-marker';
  await addCredential({ secret: { apiKey: marker }, limits: { chat: 2 } });
  await mustLease(await rig.newPool());
  const { rows } = await rig.postgres.query<{ row: string }>({
    text: `SELECT credential::text || encode(secret, 'escape') AS row FROM credential`,
  });
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain(marker);
  for (const key of await rig.redis.keys(`${rig.prefix}*`))
    expect((await rig.redis.dumpBuffer(key)).toString('latin1')).not.toContain(marker);
});
