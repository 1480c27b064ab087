import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import type { CredentialPool } from './credential-pool.js';
import type { LeaseOutcome } from './credential-source.js';

const HOUR_MS = 3_600_000;
let rig: PoolRig;
let pool: CredentialPool;
beforeAll(async () => {
  rig = await createPoolRig();
  pool = await rig.newPool();
});
afterAll(() => rig.close());

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 5_000, interval: 30 });
let count = 0;
/** A session of its own upstream's group, so that no other test's choice meets it. */
async function addAccount(more: object = {}): Promise<{ id: string; group: string }> {
  const group = `g${count++}`;
  const { credential } = await rig.admin.create({
    upstream: 'sora',
    kind: 'session',
    secret: { accessToken: `token-${group}` },
    baseUrl: 'https://site.test',
    ...more,
    settings: { group, ...('settings' in more ? (more.settings as object) : {}) },
  });
  return { id: credential.id, group };
}

const ask = (group: string, model = 'sora-2', use: 'video' | 'image' = 'video') =>
  pool.lease({ upstream: 'sora', use, model, generationId: 'g', group });
async function lease(group: string, model?: string, use?: 'video' | 'image') {
  const answer = await ask(group, model, use);
  return answer.type === 'leased' ? answer.lease : undefined;
}
const seen = (group: string) => eventually(async () => expect(await lease(group)).toBeDefined());

async function endWith(group: string, outcome: LeaseOutcome): Promise<void> {
  const held = await lease(group);
  expect(held).toBeDefined();
  if (held) await pool.release(held, outcome);
}
const failed = (code: 'upstream_error' | 'upstream_overloaded' | 'content_refused' | 'challenge_required') =>
  ({ type: 'failed', error: { code, message: code, saw: 'refused' } }) as const;

test('what a look told is shown: who it is, its plan, what is left, and a name where nobody gave one', async () => {
  const { id, group } = await addAccount();
  await seen(group);
  expect(await lease(group, 'sora-2-pro')).toBeUndefined();
  const account = { email: 'a@site.test', inviteCode: 'ABC', planEndsAtMs: 2_000_000_000_000, sessionEndsAtMs: 1 };
  await pool.reportLook({ credentialId: id }, { plan: 'pro', account, quotas: [quota(7)] });
  expect(await rig.admin.get(id)).toMatchObject({
    label: 'a@site.test',
    settings: { plan: 'pro' },
    account: { email: 'a@site.test', inviteCode: 'ABC', sessionEndsAt: '1970-01-01T00:00:00.001Z' },
    quotas: [{ name: 'video', remaining: 7, usable: 6 }],
  });
  // The plan's models come with it.
  await eventually(async () => expect(await lease(group, 'sora-2-pro')).toBeDefined());
});

test('a look that did not tell what is left leaves what was known', async () => {
  const { id, group } = await addAccount({ label: 'mine' });
  await seen(group);
  await pool.reportLook({ credentialId: id }, { quotas: [quota(5)] });
  await pool.reportLook({ credentialId: id }, { plan: 'plus', account: { email: 'b@site.test' } });
  expect(await rig.admin.get(id)).toMatchObject({
    label: 'mine',
    quotas: [{ remaining: 5 }],
    account: { email: 'b@site.test' },
  });
});

test('a refusal is shown though a look that began after it has told of the account since; an older look is none', async () => {
  const { id, group } = await addAccount();
  await seen(group);
  const [film, look, late] = [await lease(group), await lease(group), await lease(group)];
  await pool.reportLook({ credentialId: id, epoch: look?.epoch ?? 0 }, { plan: 'plus', quotas: [quota(7)] });
  if (film) await pool.release(film, failed('challenge_required'));
  expect(await rig.admin.get(id)).toMatchObject({ state: 'degraded', quotas: [{ remaining: 7 }] });
  await pool.reportLook({ credentialId: id, epoch: late?.epoch ?? 0 }, { quotas: [quota(6)] });
  await pool.reportLook({ credentialId: id, epoch: look?.epoch ?? 0 }, { quotas: [quota(5)] });
  expect(await rig.admin.get(id)).toMatchObject({ state: 'degraded', quotas: [{ remaining: 6 }] });
});

test('one that has no more left than is kept back rests until its reset, and no longer', async () => {
  const { id, group } = await addAccount();
  await seen(group);
  await pool.reportLook({ credentialId: id }, { quotas: [{ ...quota(1), resetAtMs: Date.now() + 400 }] });
  await eventually(async () => expect(await lease(group)).toBeUndefined());
  expect(await lease(group, 'gpt-image', 'image')).toBeDefined();
  const shown = { enabled: true, state: 'quota_exhausted', quotas: [{ remaining: 1, usable: 0 }] };
  expect(await rig.admin.get(id)).toMatchObject(shown);
  const listed = async (state: string) => (await rig.admin.list({ state, group })).credentials.map((one) => one.id);
  expect(await listed('quota_exhausted')).toEqual([id]);
  expect(await listed('ready')).toEqual([]);
  await seen(group);
  expect(await listed('ready')).toEqual([id]);
  expect(await rig.admin.get(id)).toMatchObject({ state: 'ready', reason: null });
});

test('how much is kept back is settable', async () => {
  await rig.services.poolSettings.update('sora', { quotaReserve: 0 });
  const { id, group } = await addAccount();
  await eventually(async () => {
    await pool.reportLook({ credentialId: id }, { quotas: [quota(1)] });
    expect((await rig.admin.get(id)).quotas).toMatchObject([{ remaining: 1, usable: 1 }]);
  });
  await rig.services.poolSettings.reset('sora');
  expect(await rig.services.poolSettings.get('sora')).toMatchObject({ kinds: { session: { quotaReserve: 1 } } });
  expect(group).toBeDefined();
});

test('so many errors in a row, and it rests; heavy load, challenges and refused prompts do not count', async () => {
  const { id, group } = await addAccount();
  await seen(group);
  for (const code of ['upstream_overloaded', 'content_refused', 'upstream_error', 'upstream_error'] as const)
    await endWith(group, failed(code));
  await eventually(async () =>
    expect((await rig.admin.get(id)).tally).toMatchObject({ consecutiveErrors: 2, today: { errors: 2 } }),
  );
  await endWith(group, { type: 'succeeded' });
  await eventually(async () =>
    expect((await rig.admin.get(id)).tally).toMatchObject({ consecutiveErrors: 0, total: { errors: 2 } }),
  );
  for (let error = 0; error < 3; error++) await endWith(group, failed('upstream_error'));
  await eventually(async () =>
    expect(await rig.admin.get(id)).toMatchObject({ state: 'degraded', enabled: true, reason: '3 errors in a row.' }),
  );
  await eventually(async () => expect(await lease(group)).toBeUndefined());
});

test('where the operator has it so, they switch it off, with the reason, until it is switched on again', async () => {
  await rig.services.poolSettings.update('sora', { errorLimit: 1, disableAfterErrors: true });
  const { id, group } = await addAccount();
  await seen(group);
  await eventually(async () => {
    const held = await lease(group);
    if (held) await pool.release(held, failed('upstream_error'));
    expect(await rig.admin.get(id)).toMatchObject({ state: 'disabled', reason: expect.stringContaining('in a row') });
  });
  await rig.services.bulk.run({ action: 'enable', selection: { ids: [id] } });
  expect(await rig.admin.get(id)).toMatchObject({ state: 'ready', enabled: true });
  await rig.admin.update(id, { enabled: false });
  expect(await rig.admin.get(id)).toMatchObject({ reason: 'Switched off by an operator.' });
  await rig.services.poolSettings.reset('sora');
});

test('one use of an account can be switched off, and many are edited at once', async () => {
  const { id, group } = await addAccount({ settings: { plan: 'pro' } });
  await seen(group);
  const selection = { filter: { group } };
  const change = { settings: { uses: ['image'], proxyUrl: 'http://user:word@proxy.test:1' }, limits: { image: 1 } };
  expect(await rig.services.bulk.run({ action: 'update', selection, change })).toEqual({ changed: 1 });
  await eventually(async () => expect(await lease(group)).toBeUndefined());
  expect(await lease(group, 'gpt-image', 'image')).toBeDefined();
  expect(await lease(group, 'gpt-image', 'image')).toBeUndefined();
  expect(await rig.admin.get(id)).toMatchObject({
    settings: { uses: ['image'], proxyUrl: expect.stringContaining('***') },
  });
  await expect(rig.services.bulk.run({ action: 'update', selection, change: { secret: {} } })).rejects.toThrow(
    'secret',
  );
});

test('the settings of a pool name what is wrong, and what holds', async () => {
  const { poolSettings } = rig.services;
  await expect(poolSettings.update('sora', { strategy: 'best' })).rejects.toThrow('strategy');
  await expect(poolSettings.update('nobody', {})).rejects.toThrow("no upstream 'nobody'");
  expect(await poolSettings.update('sora', { strategy: 'random' })).toMatchObject({ settings: { strategy: 'random' } });
  const both = await poolSettings.update('sora', { errorLimit: null });
  expect(both).toMatchObject({
    strategy: 'random',
    kinds: { session: { errorLimit: null, refreshAheadMs: 24 * HOUR_MS } },
  });
  expect(await poolSettings.update('sora', { strategy: null })).toMatchObject({ settings: { errorLimit: null } });
  await poolSettings.reset('sora');
});

function quota(remaining: number) {
  return { name: 'video', remaining, resetAtMs: Date.now() + HOUR_MS };
}
