import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { VideoRequest } from '@sluice/contracts/video';
import { sora } from '@sluice/upstream-sora/sora.upstream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isMp4, PICTURE, QUICK, SimulatedSite } from './__fixtures__/simulated-site.js';

const site = new SimulatedSite();

beforeAll(() => site.open());
beforeEach(() => site.next());
afterAll(() => site.close());

describe('a video', () => {
  it('is made from a picture, its progress told, its file fetched without the account', async () => {
    const request = site.video('[[sim:queueMs=0,videoMs=900]]', {
      durationSeconds: 15,
      size: { width: 1280, height: 720 },
      references: [{ role: 'first-frame', media: PICTURE }],
      providerOptions: { sora: { style: 'anime' } },
    });
    const steps = await site.follow('video', await site.start('video', request));
    expect(steps.some((step) => step.type === 'running' && (step.progress ?? 0) > 0)).toBe(true);
    expect(steps.at(-1)).toMatchObject({ type: 'done', facts: { durationSeconds: 15, rendition: 'usual' } });
    expect(isMp4(await site.download('video', steps.at(-1)))).toBe(true);
    const { headers, url: fetched } = site.sent.at(-1) ?? { url: '' };
    expect(fetched).toContain('/sora/az/files/');
    expect(headers?.['authorization']).toBeUndefined();
    expect(await site.shown(request.prompt)).toMatchObject({
      tasks: [
        { frames: 450, orientation: 'landscape', request: { style_id: 'anime', inpaint_items: [{ kind: 'upload' }] } },
      ],
    });
  });

  it('that is an account’s own is remixed, extended, and told as a storyboard', async () => {
    const made = await site.endOf(site.video(QUICK));
    const operation = made?.operation ?? {};
    const source = { generationId: 'g', operation };
    expect(
      await site.endOf(site.video(`as a dog ${QUICK}`, { source: { relation: 'remix', ...source } })),
    ).toMatchObject({
      type: 'done',
    });
    const posts = () =>
      site.sent.filter(({ url: asked, method }) => asked.endsWith('/project_y/post') && method === 'POST').length;
    expect(posts()).toBe(1);
    await site.endOf(site.video(`as a cow ${QUICK}`, { source: { relation: 'remix', ...source } }));
    expect(posts()).toBe(1);
    const longer = await site.endOf(
      site.video(`and on ${QUICK}`, { durationSeconds: 15, source: { relation: 'extension', ...source } }),
    );
    expect(longer).toMatchObject({ type: 'done', facts: { durationSeconds: 25 } });
    const shots = [
      { seconds: '5.0', scene: 'one' },
      { seconds: 5, scene: `two ${QUICK}` },
    ];
    const request = site.video('in winter', { providerOptions: { sora: { storyboard: { shots } } } });
    expect(await site.endOf(request)).toMatchObject({ type: 'done' });
    const { tasks } = (await site.shown('Scene: one')) as { tasks: { prompt: string; operation: string }[] };
    expect(tasks).toMatchObject([
      { operation: 'storyboard', prompt: expect.stringContaining('duration: 5.0sec\nScene: one') },
    ]);
    expect(tasks[0]?.prompt).toMatch(/^current timeline:\nShot 1:[^]*\n\ninstructions:\nfilm \d+: in winter$/);
  });

  it('looks at references, which are gone with its end', async () => {
    const looking = (names: string[]) =>
      site.video('[[sim:queueMs=0,videoMs=60,lagMs=20]]', {
        references: names.map((name) => ({ role: 'reference', media: PICTURE, note: { name, type: 'setting' } })),
      });
    const request = looking(['Alps', 'Sea']);
    const operation = await site.start('video', request);
    const { references } = await site.shown(request.prompt, site.account);
    expect(references).toMatchObject([{ name: 'Alps', type: 'setting', display_name: 'Alps' }, { name: 'Sea' }]);
    expect((await site.follow('video', operation)).at(-1)).toMatchObject({ type: 'done' });
    expect(await site.shown(request.prompt, site.account)).toMatchObject({
      references: [],
      tasks: [{ request: { inpaint_items: [{ kind: 'reference' }, { kind: 'reference' }] } }],
    });
    await site.wish({ limit: 0 });
    await expect(site.start('video', looking(['Moon']))).rejects.toMatchObject({ code: 'upstream_quota_exhausted' });
    expect(await site.shown('', site.account)).toMatchObject({ references: [] });
  });

  it('is removed from its account, with the post that a remix of it made', async () => {
    const made = await site.endOf(site.video(QUICK));
    const operation = made?.operation ?? {};
    const source = { relation: 'remix', generationId: 'g', operation } as const;
    const remix = await site.endOf(site.video(`as a dog ${QUICK}`, { source }));
    await site.jobOf('video').remove?.(operation, site.context());
    const deleted = site.sent
      .filter(({ method }) => method === 'DELETE')
      .map(({ url }) => url.replace(/.*backend/, ''));
    expect(deleted).toEqual([
      expect.stringMatching(/^\/project_y\/post\/s_/),
      expect.stringMatching(/^\/project_y\/profile\/drafts\/gen_/),
    ]);
    expect(await sora.assets?.count(site.context())).toBe(1);
    // Once more is no failure, and another one is found by its task.
    await site.jobOf('video').remove?.(operation, site.context());
    const { generationId, ...untold } = remix?.operation ?? {};
    expect(generationId).toBeDefined();
    await site.jobOf('video').remove?.(untold, site.context());
    expect(await sora.assets?.count(site.context())).toBe(0);
  });

  it('has the unmarked rendition where the account is entitled to it', async () => {
    const wanted = { providerOptions: { sora: { rendition: 'unmarked' } } };
    expect(await site.endOf(site.video(QUICK, wanted))).toMatchObject({ facts: { rendition: 'usual' } });
    site.account = `pro${site.count}`;
    const step = await site.endOf(site.video(QUICK, wanted));
    expect(step).toMatchObject({ facts: { rendition: 'unmarked' } });
    expect((await site.download('video', step)).toString('latin1')).toContain('plain');
  });

  it('is found on the second page of the drafts, and after the lists told nothing of it', async () => {
    const step = await site.endOf(site.video('[[sim:queueMs=0,videoMs=20,lagMs=80,newerDrafts=40]]'));
    expect(step).toMatchObject({ type: 'done' });
  });

  it.each([
    ['moderated', 'content_refused'],
    ['video-fails', 'upstream_error'],
  ])('with %s ends in %s', async (marker, code) => {
    expect(await site.endOf(site.video(`[[sim:${marker},queueMs=0,videoMs=20]]`))).toMatchObject({
      type: 'failed',
      error: { code },
    });
  });

  it.each(['lost-reply', 'status=500', 'html', 'garbage-json', 'status=502,html'])(
    'is found though the answer to it was lost to %s',
    async (fault) => {
      const request = site.video(`[[sim:accept-first,queueMs=0,videoMs=40,lagMs=0,${fault}]]`);
      const submittedAtMs = Date.now();
      const error = toGatewayError(await site.start('video', request).catch((thrown: unknown) => thrown));
      expect(error.data.saw).toBe('unknown');
      const intent = { request, generationId: 'g', submittedAtMs, owned: new Set<string>() };
      const found = await site.jobOf('video').find?.(intent, site.context());
      expect(found && (await site.follow('video', found)).at(-1)).toMatchObject({ type: 'done' });
      // Among the drafts by now.
      expect(await site.jobOf('video').find?.(intent, site.context())).toMatchObject({ id: found?.['id'] });
      expect(await site.shown(request.prompt)).toMatchObject({ submissions: [{ accepted: 1 }] });
      const owned = new Set([String(found?.['id'])]);
      expect(await site.jobOf('video').find?.({ ...intent, owned }, site.context())).toBeUndefined();
    },
  );

  it('is not found where it was never taken on', async () => {
    const request = site.video('[[sim:lost-reply]]');
    expect(toGatewayError(await site.start('video', request).catch((thrown: unknown) => thrown)).data.saw).toBe(
      'unknown',
    );
    const intent = { request, generationId: 'g', submittedAtMs: Date.now(), owned: new Set<string>() };
    expect(await site.jobOf('video').find?.(intent, site.context())).toBeUndefined();
  });

  it.each([
    [401, 'upstream_auth'],
    [429, 'upstream_rate_limited'],
    [503, 'upstream_error'],
  ])('goes on after a %i in the middle', async (status, code) => {
    const operation = await site.start('video', site.video(`[[sim:queueMs=0,videoMs=400,poll-status=${status}]]`));
    await site.jobOf('video').poll?.([operation], site.context());
    await expect(site.jobOf('video').poll?.([operation], site.context())).rejects.toMatchObject({ code });
    expect((await site.follow('video', operation)).at(-1)).toMatchObject({ type: 'done' });
  });

  it('has a fresh link after a dead one, and is whole after half of it', async () => {
    const slow = await site.endOf(site.video('[[sim:queueMs=0,videoMs=10,contentMs=200]]'));
    expect(isMp4(await site.download('video', slow))).toBe(true);
    for (const marker of ['expired-link', 'truncated']) {
      const step = await site.endOf(site.video(`[[sim:queueMs=0,videoMs=10,${marker}]]`));
      await expect(site.download('video', step)).rejects.toBeDefined();
      expect(isMp4(await site.download('video', step))).toBe(true);
    }
  });
});

describe('what the site refuses', () => {
  const refused = (markers: string, request: Partial<VideoRequest> = {}, own = site.context()) =>
    site.start('video', site.video(`[[sim:${markers}]]`, request), own).then(
      () => undefined,
      (thrown: unknown) => toGatewayError(thrown).data,
    );

  it.each([
    ['status=500,error-code=heavy_load', 'upstream_overloaded'],
    ['status=400,error-code=phone_number_required', 'upstream_forbidden'],
    ['status=400,error-code=unsupported_country_code', 'challenge_required'],
    ['status=403,html', 'challenge_required'],
    ['status=429,html', 'challenge_required'],
    ['status=401,error-code=token_invalidated', 'upstream_auth'],
    ['status=400,error-code=sentinel_block', 'challenge_required'],
    ['status=400,error-message=Your image may depict a realistic human', 'content_refused'],
  ])('with %s is %s, and was not paid', async (markers, code) => {
    expect(await refused(markers)).toMatchObject({ code, saw: 'refused' });
  });

  it('by a fourth video at once asks for a little patience', async () => {
    const own = site.context();
    for (let index = 0; index < 3; index += 1) await site.start('video', site.video('[[sim:stuckAt=99]]'), own);
    expect(await refused('videoMs=0', {}, own)).toMatchObject({ code: 'upstream_rate_limited', retryAfterMs: 5_000 });
  });

  it('by a quota that is used up tells when it begins anew', async () => {
    await site.wish({ limit: 1, resetSeconds: 600 });
    await site.endOf(site.video(QUICK));
    const error = await refused('videoMs=0');
    expect(error).toMatchObject({ code: 'upstream_quota_exhausted' });
    expect(error?.retryAfterMs).toBeGreaterThan(590_000);
  });

  it('by its plan can be routed on', async () => {
    expect(await refused('videoMs=0', { durationSeconds: 25 })).toMatchObject({
      code: 'unsupported',
      reason: 'plan',
      param: 'seconds',
    });
  });

  it('as a proof of work is tried again once, with another', async () => {
    await site.control('faults', {
      match: { path: '/sora/backend/nf/create', key: site.account },
      fault: { status: 400, errorCode: 'sentinel_block' },
      times: 1,
    });
    expect(await site.endOf(site.video(QUICK))).toMatchObject({ type: 'done' });
  });
});
