import type { Redis } from '@sluice/platform-redis/redis';
import { expect, it } from 'vitest';
import { aStoredCredential } from './__fixtures__/stored-credentials.js';
import type { CredentialSearch } from './credential-search.js';
import { Eligibility } from './eligibility.js';

const NOW_MS = 1_800_000_000_000;

/** Nothing of it is in use, and no use was counted yet. */
async function obstacle(remaining: number) {
  const quota = { use: '*' as const, model: 'a', remaining, resetAtMs: NOW_MS + 60_000, reportedAtMs: NOW_MS };
  const row = aStoredCredential({ models: ['a'], counters: { quotas: [quota] } });
  const search = { page: () => Promise.resolve({ rows: [row] }) } as unknown as CredentialSearch;
  const redis = { zcount: () => Promise.resolve(0), hget: () => Promise.resolve(null) } as unknown as Redis;
  const eligibility = new Eligibility({
    search,
    redis,
    prefix: 'p',
    clock: { now: () => NOW_MS, after: () => () => {} },
  });
  const { credentials } = await eligibility.explain({ upstream: row.upstream, use: 'chat', model: 'a' });
  return credentials[0]?.obstacle ?? null;
}

it('a quota that is told to be used up stands against it before anything is counted, as no lease is given then', async () => {
  expect(await obstacle(0)).toMatchObject({ type: 'used_up', until: new Date(NOW_MS + 60_000).toISOString() });
  expect(await obstacle(1)).toBeNull();
});
