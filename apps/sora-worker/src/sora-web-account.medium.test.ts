import type { ImageRequest } from '@sluice/contracts/image';
import type { WebCredential } from '@sluice/upstream-sora/sora.credential';
import { sora } from '@sluice/upstream-sora/sora.upstream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PICTURE, QUICK, SimulatedSite } from './__fixtures__/simulated-site.js';

const site = new SimulatedSite();

beforeAll(() => site.open());
beforeEach(() => site.next());
afterAll(() => site.close());

const picture = (prompt: string, more: Partial<ImageRequest> = {}): ImageRequest => ({ model: 'm', prompt, ...more });

describe('an account', () => {
  const probed = () => sora.probe?.(site.context());

  it('tells its plan and what is left', async () => {
    await site.wish({ limit: 7 });
    expect(await probed()).toMatchObject({ isUsable: true, plan: 'plus', quotas: [{ name: 'video', remaining: 7 }] });
  });

  it('is given Sora 2 and a name where it has none', async () => {
    await site.wish({ hasSora2: false, username: null });
    expect(await probed()).toMatchObject({ isUsable: true, quotas: [{ remaining: 30 }] });
    expect(await site.endOf(site.video(QUICK))).toMatchObject({ type: 'done' });
  });

  it('without Sora 2 makes pictures only', async () => {
    await site.wish({ hasSora2: false, joins: false });
    expect(await probed()).toMatchObject({
      isUsable: true,
      reason: expect.stringContaining('pictures'),
      quotas: [{ remaining: 0 }],
    });
  });

  it.each([
    ['/m/bootstrap', { hasSora2: false, joins: false }, 403],
    ['/m/bootstrap', { hasSora2: false, joins: false }, 404],
    ['/nf/check', {}, 404],
  ])('is no bad one where %s (%j) answers %i: it has no videos', async (path, wishes, status) => {
    await site.wish(wishes);
    const match = { path: `/sora/backend${path}`, key: site.account };
    await site.control('faults', { match, fault: { status }, times: 1 });
    expect(await probed()).toMatchObject({ isUsable: true, quotas: [{ name: 'video', remaining: 0 }] });
  });

  it('whose quota is not told is not taken for empty', async () => {
    await site.control('faults', {
      match: { path: '/sora/backend/nf/check', key: site.account },
      fault: { status: 500 },
      times: 1,
    });
    const health = await probed();
    expect(health).toMatchObject({ isUsable: true, plan: 'plus' });
    expect(health).not.toHaveProperty('quotas');
  });

  it('has its refresh token exchanged and kept anew: the old one is dead', async () => {
    const old = site.context('sora-2', { refreshToken: `rt_sim-${site.account}-1` });
    const fresh = (await sora.refresh?.(old)) as WebCredential;
    expect(fresh.refreshToken).toBe(`rt_sim-${site.account}-2`);
    expect(sora.expiresAtMs?.(fresh)).toBeGreaterThan(Date.now() + 86_400_000);
    expect(await site.endOf(site.video(QUICK), site.context('sora-2', fresh))).toMatchObject({ type: 'done' });
    await expect(sora.refresh?.(old)).rejects.toMatchObject({ code: 'upstream_auth' });
    await site.wish({ invalidate: 'access' });
    await expect(site.start('video', site.video(QUICK), site.context('sora-2', fresh))).rejects.toMatchObject({
      code: 'upstream_auth',
    });
  });

  it('falls back from a session that is over', async () => {
    await site.wish({ invalidate: 'session' });
    await expect(
      sora.refresh?.(site.context('sora-2', { sessionToken: `sim-st-${site.account}` })),
    ).rejects.toMatchObject({
      code: 'upstream_auth',
    });
    site.account = `other${site.count}`;
    const tokens = { sessionToken: 'sim-nothing', refreshToken: `rt_sim-${site.account}-1` };
    expect(await sora.refresh?.(site.context('sora-2', tokens))).toMatchObject({
      refreshToken: `rt_sim-${site.account}-2`,
    });
    expect(await sora.refresh?.(site.context('sora-2', { sessionToken: `sim-st-${site.account}` }))).toMatchObject({
      accessToken: expect.stringMatching(/^eyJ/),
    });
  });
});

it('a picture is a task of a list of its own, and is remade from another', async () => {
  const own = site.context('gpt-image-landscape');
  const request = picture(`a cat ${QUICK}`, { pictures: [PICTURE] });
  const steps = await site.follow('image', await site.start('image', request, own), own);
  expect(steps.at(-1)).toMatchObject({ type: 'done', facts: { size: '540x360' } });
  expect((await site.download('image', steps.at(-1))).toString('latin1', 1, 4)).toBe('PNG');
  const bad = await site.follow('image', await site.start('image', picture('[[sim:moderated,videoMs=0]]'), own), own);
  expect(bad.at(-1)).toMatchObject({ type: 'failed', error: { code: 'content_refused' } });
});

it('a prompt is written out', async () => {
  const own = site.context('prompt-enhance-long-15s');
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'a cat' }] }];
  const parts = [];
  for await (const part of sora.chat?.({ model: 'm', messages }, own) ?? []) parts.push(part);
  expect(parts).toMatchObject([{ type: 'start' }, { text: 'Enhanced (long, 15 s): a cat' }, { type: 'finish' }]);
});

it('the drafts of an account are counted and cleared', async () => {
  await site.endOf(site.video(QUICK));
  await site.endOf(site.video(QUICK));
  expect(await sora.assets?.count(site.context())).toBe(2);
  const told = [];
  for await (const cleared of sora.assets?.clear(site.context()) ?? []) told.push(cleared);
  expect(told.at(-1)).toEqual({ deleted: 2, failed: 0 });
  expect(await sora.assets?.count(site.context())).toBe(0);
});
