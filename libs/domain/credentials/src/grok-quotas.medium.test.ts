import type { Lease } from '@sluice/contracts/credential';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import type { CredentialPool } from './credential-pool.js';

let rig: PoolRig;
beforeEach(async () => {
  rig = await createPoolRig();
});
afterEach(() => rig.close());

const HOUR_MS = 3_600_000;

async function addSession(sso: string, plan?: 'basic' | 'super'): Promise<string> {
  const settings = plan ? { plan } : {};
  return (await rig.admin.create({ upstream: 'grok', kind: 'session', secret: { sso }, settings })).credential.id;
}

/** How many such chats are let through, one after the other. */
async function countChats(pool: CredentialPool, model: string, most = 100): Promise<number> {
  for (let count = 0; count < most; count += 1) {
    const lease = await take(pool, model);
    if (!lease) return count;
    await pool.release(lease, { type: 'succeeded' });
  }
  return most;
}

async function take(pool: CredentialPool, model: string): Promise<Lease | undefined> {
  const answer = await pool.lease({ upstream: 'grok', use: 'chat', model, generationId: 'gen' });
  return answer.type === 'leased' ? answer.lease : undefined;
}

test('a basic session that has told nothing is taken to have 80, of which a model that thinks hard takes four', async () => {
  await addSession('session-of-nobody');
  const pool = await rig.newPool();
  expect(await countChats(pool, 'grok-4.1-expert', 15)).toBe(15);
  expect(await countChats(pool, 'grok-4')).toBe(20);
  expect(await take(pool, 'grok-4.1-fast')).toBeUndefined();
});

test('what the account tells takes the place of the guess', async () => {
  const id = await addSession('session-of-somebody', 'basic');
  const pool = await rig.newPool();
  expect(await countChats(pool, 'grok-4', 5)).toBe(5);
  const lease = await take(pool, 'grok-4');
  if (!lease) throw new Error('not leased');
  await pool.reportLook(lease, { quotas: [{ name: '*', remaining: 9, resetAtMs: Date.now() + HOUR_MS }] });
  await pool.release(lease, { type: 'succeeded' });
  await expect.poll(async () => (await rig.repository.find(id))?.counters.quotas).toHaveLength(1);
  const fresh = await rig.newPool();
  expect(await countChats(fresh, 'grok-4.1-thinking')).toBe(2);
  expect(await countChats(fresh, 'grok-4')).toBe(1);
});

test('basic accounts first, then those that pay; what only these have goes to them alone', async () => {
  const basic = await addSession('session-basic-1', 'basic');
  const paying = await addSession('session-super-1', 'super');
  const pool = await rig.newPool();
  expect((await take(pool, 'grok-4'))?.credentialId).toBe(basic);
  expect((await take(pool, 'grok-4-heavy'))?.credentialId).toBe(paying);
  await countChats(pool, 'grok-4', 79);
  expect((await take(pool, 'grok-4'))?.credentialId).toBe(paying);
});

test('a name that no list has is served by the session that names it, as it is', async () => {
  await addSession('session-basic-2');
  const { credential } = await rig.admin.create({
    upstream: 'grok',
    kind: 'session',
    secret: { sso: 'session-basic-3' },
    models: ['grok-9-preview'],
  });
  const pool = await rig.newPool();
  expect((await take(pool, 'grok-9-preview'))?.credentialId).toBe(credential.id);
  expect(await take(pool, 'grok-9-other')).toBeUndefined();
});
