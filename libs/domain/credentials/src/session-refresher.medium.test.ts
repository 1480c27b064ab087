import { systemClock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import { sealContext } from './stored-credential.js';
import { SessionRefresher } from './session-refresher.js';

let rig: PoolRig;
let id: string;

beforeEach(async () => {
  rig = await createPoolRig();
  id = (await rig.admin.create({ upstream: 'openai', kind: 'api-key', secret: { apiKey: 'old' } })).credential.id;
});
afterEach(() => rig.close());

/** Another replica, at an upstream that gives out each token once. */
function replica(refresh: (secret: unknown) => Promise<unknown>): SessionRefresher {
  const { postgres, repository, leases, vault, logger } = rig;
  return new SessionRefresher({
    postgres,
    repository,
    leases,
    vault,
    logger,
    clock: systemClock,
    refresh: (_row, secret) => refresh(secret),
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
