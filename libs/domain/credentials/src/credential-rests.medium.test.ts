import type { Lease } from '@sluice/contracts/credential';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import type { CredentialPool } from './credential-pool.js';
import type { LeaseOutcome, LeaseRequest, Turn } from './credential-source.js';

const request: LeaseRequest = { upstream: 'gemini', use: 'video', model: 'veo', generationId: 'gen' };
const waiting = { sinceMs: Date.now() - 2_000, isAgain: false };
const used = (retryAfterMs: number): LeaseOutcome => {
  return { type: 'failed', error: { code: 'upstream_quota_exhausted', message: 'Nothing is left.', retryAfterMs } };
};
let rig: PoolRig;
let turns: string[];

beforeEach(async () => {
  rig = await createPoolRig();
  turns = [];
  await rig.admin.create({ upstream: 'gemini', kind: 'api-key', secret: { apiKey: 'AIza' }, limits: { video: 3 } });
});
afterEach(() => rig.close());

const newPool = () => rig.newPool({ onTurn: async ({ generationId }: Turn) => turns.push(generationId) > 0 });

async function mustLease(pool: CredentialPool): Promise<Lease> {
  const answer = await pool.lease(request);
  if (answer.type === 'leased') return answer.lease;
  throw new Error('no lease');
}

async function wait(pool: CredentialPool, ...names: string[]): Promise<void> {
  for (const [place, generationId] of names.entries())
    await pool.lease({ ...request, generationId, waiting: { ...waiting, sinceMs: waiting.sinceMs + place } });
}

describe('a credential whose rest is over', () => {
  test('is tried by the one who has waited longest, at once', async () => {
    const pool = await newPool();
    await pool.release(await mustLease(pool), used(300));
    await wait(pool, 'first', 'second');
    expect(turns).toEqual([]);
    await vi.waitFor(() => expect(turns).toEqual(['first']), { timeout: 2_000, interval: 10 });
    await mustLease(pool);
  });

  test('serves the others as soon as that was taken on, though it goes on at the upstream by itself', async () => {
    const pool = await newPool();
    await pool.release(await mustLease(pool), used(100));
    await wait(pool, 'first', 'second', 'third');
    const lease = await vi.waitFor(() => mustLease(pool), { timeout: 2_000, interval: 10 });
    await vi.waitFor(() => expect(turns).toEqual(['first']), { timeout: 2_000, interval: 10 });
    await pool.detach(lease, { type: 'succeeded' });
    expect(turns).toEqual(['first', 'second', 'third']);
  });

  test('serves as many as it takes, where it was not refused but is told to be used up until then', async () => {
    const pool = await newPool();
    const { credentialId } = await mustLease(pool);
    const quotas = [{ name: 'video', remaining: 0, resetAtMs: Date.now() + 1_800 }];
    await pool.reportLook({ credentialId }, { quotas });
    await vi.waitFor(async () => expect(await pool.lease(request)).toMatchObject({ type: 'none-free' }), {
      timeout: 1_000,
      interval: 10,
    });
    await wait(pool, 'first', 'second');
    expect(turns).toEqual([]);
    await vi.waitFor(() => expect(turns).toEqual(['first', 'second']), { timeout: 4_000, interval: 10 });
  });

  test('is not tried before the longest that was told', async () => {
    const pool = await newPool();
    const [one, two] = [await mustLease(pool), await mustLease(pool)];
    await pool.release(one, used(100));
    await pool.release(two, used(700));
    const refusedAt = performance.now();
    await wait(pool, 'first');
    await vi.waitFor(() => expect(turns).toEqual(['first']), { timeout: 3_000, interval: 10 });
    expect(performance.now() - refusedAt).toBeGreaterThan(600);
  });
});
