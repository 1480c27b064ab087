import { setImmediate } from 'node:timers/promises';
import type { Lease } from '@sluice/contracts/credential';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import type { CredentialPool, Sessions } from './credential-pool.js';
import type { LeaseAnswer, LeaseRequest } from './credential-source.js';

const request: LeaseRequest = { upstream: 'openai', use: 'chat', model: 'm', generationId: 'gen', goesAhead: true };
let rig: PoolRig;

beforeEach(async () => {
  rig = await createPoolRig();
});
afterEach(() => {
  vi.restoreAllMocks();
  return rig.close();
});

async function addCredential(fields: object = {}): Promise<string> {
  const body = { upstream: 'openai', kind: 'api-key', secret: { apiKey: 'sk-test' }, ...fields };
  return (await rig.admin.create(body)).credential.id;
}

/** A pool to which the store has just said that it has nothing against such a use; from then on time stands still. */
async function poolThatWasTold(more: Partial<LeaseRequest> = {}, options: { sessions?: Sessions } = {}) {
  const pool = await rig.newPool(options);
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1);
  await pool.release(await mustLease(pool, more), { type: 'succeeded' });
  return pool;
}

async function mustLease(pool: CredentialPool, more: Partial<LeaseRequest> = {}): Promise<Lease> {
  return leaseOf(await pool.lease({ ...request, ...more }));
}

function leaseOf(answer: LeaseAnswer | undefined): Lease {
  if (answer?.type === 'leased') return answer.lease;
  throw new Error(answer?.noneFree.reason ?? 'no answer yet');
}

/** What is answered before the store can have said anything. */
async function answerAtOnce(pool: CredentialPool, more: Partial<LeaseRequest> = {}): Promise<LeaseAnswer | undefined> {
  const answer = pool.lease({ ...request, ...more });
  const first = await Promise.race([answer, setImmediate(undefined)]);
  if (first === undefined) await pool.release(leaseOf(await answer), { type: 'abandoned' });
  return first;
}

const booked = (id: string) => rig.redis.zcard(`${rig.prefix}:pool:leases:${id}:chat`);
const refused = {
  type: 'failed',
  error: { code: 'upstream_rate_limited', message: 'slower', retryAfterMs: 60_000 },
} as const;

test('where nobody counts, a use begins while the store books it', async () => {
  const id = await addCredential();
  const pool = await poolThatWasTold();
  const leases = [leaseOf(await answerAtOnce(pool)), leaseOf(await answerAtOnce(pool))];
  expect(leases[0]).toMatchObject({ credentialId: id, kind: 'api-key', secret: { apiKey: 'sk-test' } });
  await vi.waitFor(async () => expect(await booked(id)).toBe(2));
  await vi.waitFor(() => expect(new Set(leases.map(({ epoch }) => epoch)).size).toBe(2));

  for (const lease of leases) await pool.release(lease, { type: 'succeeded' });
  expect(await booked(id)).toBe(0);
});

test.each([
  ['the first one', {}, {}, false],
  ['one of a credential with a limit', { limits: { chat: 2 } }, {}, true],
  [
    'one of a credential with a window',
    { settings: { windows: [{ use: 'chat', model: '*', unit: 'requests', count: 9, perMs: 60_000 }] } },
    {},
    true,
  ],
  ['one of a session', {}, { sticky: 'session' }, true],
  ['one that waited', {}, { waiting: { sinceMs: 1, isAgain: true } }, true],
  ['one who does not want it', {}, { goesAhead: false }, true],
])('%s waits for the store', async (_name, fields, more, wasTold) => {
  await addCredential(fields);
  const pool = wasTold ? await poolThatWasTold(more) : await rig.newPool();
  expect(await answerAtOnce(pool, more)).toBeUndefined();
});

test('what the store said holds for that model, and for a moment', async () => {
  await addCredential();
  const pool = await poolThatWasTold();
  expect(await answerAtOnce(pool, { model: 'other' })).toBeUndefined();
  expect(await answerAtOnce(pool, { model: 'other' })).toBeDefined();
  const later = Date.now() + 100;
  vi.spyOn(Date, 'now').mockReturnValue(later);
  expect(await answerAtOnce(pool, { model: 'other' })).toBeUndefined();
});

test('after a refusal nobody goes ahead, here or elsewhere, once the store has said so', async () => {
  await addCredential();
  const [here, elsewhere] = [await poolThatWasTold(), await poolThatWasTold()];
  await here.release(leaseOf(await answerAtOnce(here)), refused);
  expect(await here.lease(request)).toMatchObject({ type: 'none-free' });

  const begun = await elsewhere.lease(request);
  await vi.waitFor(async () => expect(await elsewhere.lease(request)).toMatchObject({ type: 'none-free' }));
  if (begun.type === 'leased') await elsewhere.release(begun.lease, { type: 'abandoned' });
});

test('a session that is about to end is made fresh by those who go ahead too', async () => {
  const id = await addCredential();
  const due: string[] = [];
  const endsAtMs = Date.now() + 1_000;
  const pool = await poolThatWasTold(
    {},
    { sessions: { expiresAtMs: () => endsAtMs, refresh: (row) => due.push(row.id) } },
  );
  expect(due).toEqual([id]);
  await pool.release(leaseOf(await answerAtOnce(pool)), { type: 'succeeded' });
  expect(due).toEqual([id, id]);
});

test('what the store did not get to book it books when the lease is renewed', async () => {
  const id = await addCredential();
  const pool = await poolThatWasTold();
  const lease = leaseOf(await answerAtOnce(pool));
  await vi.waitFor(async () => expect(await booked(id)).toBe(1));
  await rig.redis.del(`${rig.prefix}:pool:leases:${id}:chat`);
  expect(await pool.renew(lease)).toBe(true);
  expect(await booked(id)).toBe(1);
  await pool.release(lease, { type: 'succeeded' });
});

test('while the store is out of reach, one use begins at most', async () => {
  await addCredential();
  const pool = await poolThatWasTold();
  rig.redis.disconnect();
  await pool.lease(request).catch(() => undefined);
  await setImmediate();
  await expect(pool.lease(request)).rejects.toThrow('out of reach');
});
