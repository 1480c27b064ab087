import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { QUICK } from './__fixtures__/simulated-site.js';
import { createWorkerRig, type WorkerRig } from './__fixtures__/worker-rig.js';

/** What operators of Sora2API are used to: accounts that look after themselves. */
let rig: WorkerRig;
let name = '';
let count = 0;

beforeAll(async () => {
  rig = await createWorkerRig();
});
afterAll(() => rig.close());
beforeEach(() => {
  name = `plus${(count += 1)}o`;
  rig.site.account = name;
});
afterEach(() => rig.clear());

const HOUR_MS = 3_600_000;
const prompt = (words: string, markers = QUICK) => `${words} of ${name} ${markers}`;
const view = (id: string) => rig.admin.get(id);
const until = (ask: () => Promise<unknown>, withinMs = 6_000) => expect.poll(ask, { timeout: withinMs, interval: 50 });

it('a new account is looked at by itself, and its plan decides what is made of it', async () => {
  name = `pro${count}o`;
  const account = await rig.account(name);
  await until(() => view(account)).toMatchObject({
    settings: { plan: 'pro' },
    account: { email: `${name}@sim.test`, inviteCode: 'SIM123', invitesRedeemed: 0, planTitle: 'ChatGPT Pro' },
    quotas: [{ name: 'video', remaining: 30 }],
  });
  const id = await rig.submit(prompt('long'), { account, model: 'sora-2-25s' });
  expect(await rig.ended(id)).toMatchObject({ state: 'succeeded' });
});

it('one with no more left than is kept back rests until its reset, and comes back by itself', async () => {
  const account = await rig.account(name);
  await rig.site.wish({ limit: 2, resetSeconds: 3 });
  expect(await rig.ended(await rig.submit(prompt('one'), { account }))).toMatchObject({ state: 'succeeded' });
  // Looks are made every few minutes; here it is an operator's.
  await rig.test(account);
  await until(() => view(account)).toMatchObject({
    state: 'quota_exhausted',
    enabled: true,
    quotas: [{ remaining: 1, usable: 0 }],
  });
  const next = await rig.submit(prompt('two'), { account });
  expect(await rig.ended(next)).toMatchObject({ state: 'succeeded' });
  expect(await view(account)).toMatchObject({ state: 'ready', enabled: true });
});

it('films that its account gives up again and again make it rest; what was made is counted', async () => {
  const account = await rig.account(name);
  expect(await rig.ended(await rig.submit(prompt('good'), { account }))).toMatchObject({ state: 'succeeded' });
  const fails = '[[sim:queueMs=0,videoMs=60,videoFails]]';
  for (const words of ['bad', 'worse', 'worst'])
    expect(await rig.ended(await rig.submit(prompt(words, fails), { account }))).toMatchObject({ state: 'failed' });
  await until(() => view(account), 15_000).toMatchObject({
    state: 'degraded',
    reason: '3 errors in a row.',
    tally: { today: { videos: 1, errors: 3 }, consecutiveErrors: 3 },
  });
});

it('a session is made fresh within its last day, and the end of one that cannot be is told', async () => {
  await rig.site.wish({ accessMs: 12 * HOUR_MS });
  const renewed = await rig.account(name, { secret: { sessionToken: `sim-st-${name}` } });
  const ends = async (id: string) => Date.parse((await view(id)).account?.sessionEndsAt ?? '');
  await until(() => ends(renewed), 10_000).toBeGreaterThan(Date.now());
  const { secret } = await rig.admin.reveal(renewed);
  await rig.site.wish({ accessMs: 240 * HOUR_MS });
  // Half of its life is used up by then: before, it is not asked for again and again.
  const old = await rig.account(`${name}x`, { secret: { ...(secret as object), sessionToken: `sim-st-${name}` } });
  await until(async () => (await rig.admin.reveal(old)).secret).not.toEqual(secret);
  const alone = await rig.account(`${name}y`, {
    secret: { accessToken: (secret as { accessToken: string }).accessToken },
  });
  await until(() => ends(alone)).toBeGreaterThan(Date.now());
  expect(await ends(alone)).toBeLessThan(Date.now() + 13 * HOUR_MS);
  expect((await view(alone)).state).toBe('ready');
});
