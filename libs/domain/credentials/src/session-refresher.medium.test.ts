import { systemClock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import { sealContext } from './stored-credential.js';
import { SessionRefresher, type SessionRefresherOptions } from './session-refresher.js';
import { isRefreshDue } from './session-due.js';
import { poolSettingsSchema } from './credential-settings.js';
import { SwitchOff } from './switch-off.js';

let rig: PoolRig;
let id: string;

beforeEach(async () => {
  rig = await createPoolRig();
  id = (await rig.admin.create({ upstream: 'openai', kind: 'api-key', secret: { apiKey: 'old' } })).credential.id;
});
afterEach(() => rig.close());

/** Another replica, at an upstream that gives out each token once. */
function replica(
  refresh: (secret: unknown) => Promise<unknown>,
  more: Partial<SessionRefresherOptions> = {},
): SessionRefresher {
  const { postgres, repository, leases, vault, logger } = rig;
  return new SessionRefresher({
    postgres,
    repository,
    leases,
    vault,
    logger,
    clock: systemClock,
    refresh: (_row, secret) => refresh(secret),
    ...more,
  });
}
async function row() {
  const found = await rig.repository.find(id);
  if (found === undefined) throw new Error('gone');
  return found;
}
async function secretNow(): Promise<unknown> {
  return JSON.parse(rig.vault.unseal((await row()).secret, sealContext(id)));
}
async function counters(): Promise<object> {
  return (await row()).counters;
}
const leaveIntent = (startedAtMs: number) =>
  rig.postgres.query({
    text: `UPDATE credential SET counters = jsonb_build_object('refresh', jsonb_build_object('id', 'lost', 'startedAtMs', $1::float8))`,
    values: [startedAtMs],
  });

test('one replica refreshes, all have the new secret, and the intent is gone with it', async () => {
  let calls = 0;
  const refresh = async (secret: unknown) => {
    calls += 1;
    expect(secret).toEqual({ apiKey: 'old' });
    expect(await counters()).toHaveProperty('refresh');
    return { apiKey: 'new' };
  };
  const known = await row();
  const results = await Promise.all(
    [replica(refresh), replica(refresh), replica(refresh)].map((one) => one.refresh(known)),
  );
  expect(results.toSorted()).toEqual(['done elsewhere', 'done elsewhere', 'refreshed']);
  expect(calls).toBe(1);
  expect(await secretNow()).toEqual({ apiKey: 'new' });
  expect(await counters()).not.toHaveProperty('refresh');
});

test('a refusal is shown, and what the operator gave meanwhile is kept', async () => {
  const refuse = () => Promise.reject(new GatewayError('upstream_auth', 'token expired'));
  expect(await replica(refuse).refresh(await row())).toBe('refused');
  expect(await rig.admin.get(id)).toMatchObject({
    state: 'auth_failed',
    reason: expect.stringContaining('token expired'),
  });
  const edited = replica(async () => {
    await rig.admin.update(id, { secret: { apiKey: 'from the operator' } });
    return { apiKey: 'rotated' };
  });
  await edited.refresh(await row());
  expect(await secretNow()).toEqual({ apiKey: 'from the operator' });
});

test('after a crash another one tries again with what is stored; where that is dead, the operator is told why', async () => {
  await leaveIntent(Date.now() - 10_000);
  const refuse = () => Promise.reject(new GatewayError('upstream_auth', 'used already'));
  expect(await replica(refuse).refresh(await row())).toBe('done elsewhere');
  await leaveIntent(Date.now() - 61_000);
  expect(await replica(refuse).refresh(await row())).toBe('refused');
  expect(await rig.admin.get(id)).toMatchObject({
    state: 'auth_failed',
    reason: expect.stringContaining('lost while it refreshed'),
  });
  await leaveIntent(Date.now() - 61_000);
  expect(await replica(async () => ({ apiKey: 'new' })).refresh(await row())).toBe('refreshed');
  expect(await rig.admin.get(id)).toMatchObject({ state: 'ready', reason: null });
});

const refuse = () => Promise.reject(new GatewayError('upstream_auth', 'No more.', { saw: 'refused' }));

test('a session that could not be refreshed ahead serves on, says why, and is tried again later', async () => {
  const sessionEndsAtMs = Date.now() + 60_000;
  const ahead = replica(refuse, { endsAtMs: () => sessionEndsAtMs });
  expect(await ahead.refresh(await row())).toBe('refused');
  const view = await rig.admin.get(id);
  expect(view).toMatchObject({ state: 'ready', reason: expect.stringContaining('No more.') });
  expect(view.refreshFailure).toMatchObject({ reason: expect.stringContaining('No more.') });
  const settings = poolSettingsSchema.parse({ refreshAheadMs: 120_000 });
  const due = async (nowMs: number) => isRefreshDue({ sessionEndsAtMs, row: await row() }, settings, nowMs);
  expect(await due(Date.now())).toBe(false);
  expect(await due(Date.now() + 10 * 60_000)).toBe(true);
  expect(await replica(async () => ({ apiKey: 'new' })).refresh(await row())).toBe('refreshed');
  expect(await rig.admin.get(id)).toMatchObject({ state: 'ready', reason: null, refreshFailure: null });
  // Of one that lives shorter than it is refreshed ahead, half its life is used.
  expect(await due(Date.now())).toBe(false);
  expect(await due(Date.now() + 31_000)).toBe(true);
});

test('one that is refused for good is switched off where the operator has it so', async () => {
  const off = new SwitchOff({ postgres: rig.postgres, clock: systemClock });
  const strict = replica(refuse, { onRefused: (known, reason) => off.disableRefused(known, reason) });
  await strict.refresh(await row());
  expect(await rig.admin.get(id)).toMatchObject({ enabled: true, state: 'auth_failed' });
  await rig.services.poolSettings.update('openai', { disableWhenRefused: true });
  await strict.refresh(await row());
  expect(await rig.admin.get(id)).toMatchObject({ state: 'disabled', reason: expect.stringContaining('No more.') });
});
