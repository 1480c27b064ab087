import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectSuccess } from './harness/admin-client.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';
import {
  jobSchema,
  signedInSchema,
  STUDIO_PASSWORD,
  StudioBrowser,
  videoPageSchema,
} from './scenarios/studio-browser.js';

const sluice = sharedSluice();
const { gateway } = sluice.run;
/** Made at once, so that what is waited for is us. */
const QUICK = '[[sim:queueMs=0,videoMs=1200]]';
const newBrowser = () => new StudioBrowser(gateway, `${unique('user')}@example.com`);

// Sora's own names are also served by the accounts of other tests.
beforeAll(async () => {
  expectSuccess(await sluice.admin.call('PUT', '/settings/STUDIO_MODEL', { value: 'sim-video' }));
});

describe("the platform's front end", () => {
  it('signs up, logs in, makes a video, watches it, finds it, downloads and deletes it, and goes', async () => {
    const browser = await newBrowser().signUp();
    const login = await browser.call('/api/auth/login', {
      body: { email: browser.email.toUpperCase(), password: STUDIO_PASSWORD },
    });
    expect(login.status).toBe(200);
    browser.token = signedInSchema.parse(login.json()).token;
    expect((await browser.call('/api/auth/me')).json()).toMatchObject({ email: browser.email });

    const { job, streamUrl } = await browser.start(`a cat ${QUICK}`, 'landscape');
    expect(job).toMatchObject({ status: 'pending', progress: 0, videoId: null });
    expect(z.array(jobSchema).parse((await browser.call('/api/videos/jobs')).json())).toMatchObject([{ id: job.id }]);
    const frames = await browser.watch(streamUrl);
    expect(frames.at(-1)?.event).toBe('complete');
    const progress = frames.slice(0, -1).map(({ data }) => (JSON.parse(data ?? '') as { progress: number }).progress);
    expect(progress).toEqual(progress.toSorted((left, right) => left - right));
    const { videoId, videoUrl } = JSON.parse(frames.at(-1)?.data ?? '') as { videoId: string; videoUrl: string };

    const polled = jobSchema.parse((await browser.call(`/api/videos/jobs/${job.id}`)).json());
    expect(polled).toMatchObject({ status: 'completed', progress: 100, videoId });
    const page = videoPageSchema.parse((await browser.call('/api/videos?page=1&limit=20')).json());
    expect(page).toMatchObject({ videos: [{ id: videoId, orientation: 'landscape' }], pagination: { total: 1 } });

    const film = await fetch(videoUrl);
    expect([film.status, film.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    const content = await fetch(`${gateway}/api/videos/${videoId}/content`, {
      headers: { authorization: `Bearer ${browser.token}`, range: 'bytes=0-3' },
    });
    expect([content.status, (await content.arrayBuffer()).byteLength]).toEqual([206, 4]);

    expect((await browser.call(`/api/videos/${videoId}`, { method: 'DELETE' })).status).toBe(200);
    expect((await browser.call(`/api/videos/${videoId}`)).status).toBe(404);
    expect((await browser.call('/api/auth/me', { method: 'DELETE' })).status).toBe(200);
    expect((await browser.call('/api/auth/me')).status).toBe(401);
  });

  it('makes several at once, sees why one failed, and keeps them from others', async () => {
    const [ann, bob] = await Promise.all([newBrowser().signUp(), newBrowser().signUp()]);
    const [good, bad] = await Promise.all([
      ann.start(`one ${QUICK}`),
      ann.start('never [[sim:queueMs=0,videoMs=100,moderated,videoFails]]'),
    ]);
    const [done, failed] = await Promise.all([ann.watch(good.streamUrl), ann.watch(bad.streamUrl)]);
    expect(done.at(-1)?.event).toBe('complete');
    expect(failed.at(-1)?.event).toBe('error');
    const job = (await ann.call(`/api/videos/jobs/${bad.job.id}`)).json();
    expect(job).toMatchObject({ status: 'failed', errorMessage: expect.any(String), videoId: null });
    for (const path of [`jobs/${good.job.id}`, `jobs/${good.job.id}/stream`, good.job.id, `${good.job.id}/content`])
      expect((await bob.call(`/api/videos/${path}`)).status).toBe(404);
    const foreign = await sluice.call(`/v1/videos/${good.job.id.replace('job_', 'video_')}`);
    expect(foreign.status).toBe(404);
  });
});

it('a job that its upstream was too busy for is tried again, and says how often', async () => {
  const browser = await newBrowser().signUp();
  const { job, streamUrl } = await browser.start('again [[sim:status=503,failTimes=1,queueMs=0,videoMs=100]]');
  expect((await browser.watch(streamUrl)).at(-1)?.event).toBe('complete');
  expect((await browser.call(`/api/videos/jobs/${job.id}`)).json()).toMatchObject({ retryCount: 1 });
});

it('an operator makes a user, sets limits, resets the password, disables and deletes', async () => {
  const { admin } = sluice;
  const browser = newBrowser();
  const users = '/studio/users';
  const made = await admin.call('POST', users, { email: browser.email, limits: { dailyVideos: 0 } });
  expect(made.status).toBe(201);
  const { id, password } = made.json() as { id: string; password: string };
  await browser.logIn(password);
  const none = await browser.call('/api/videos', { body: { prompt: `none ${QUICK}` } });
  expect([none.status, none.json()]).toEqual([429, expect.objectContaining({ code: 'QUOTA_EXCEEDED' })]);
  const reset = (await admin.call('POST', `${users}/${id}/password`)).json() as { password: string };
  expect((await browser.call('/api/auth/me')).status).toBe(401);
  await browser.logIn(reset.password);
  expect((await admin.call('PATCH', `${users}/${id}`, { enabled: false })).json()).toMatchObject({ enabled: false });
  const refused = await browser.call('/api/auth/login', { body: { email: browser.email, password: reset.password } });
  expect([refused.status, refused.json()]).toEqual([403, expect.objectContaining({ code: 'FORBIDDEN' })]);
  const listed = (await admin.call('GET', `${users}?email=${browser.email}`)).json();
  expect(listed).toMatchObject({ users: [{ id, enabled: false, limits: { dailyVideos: 0 } }] });
  expect((await admin.call('DELETE', `${users}/${id}`)).status).toBe(200);
  expect((await admin.call('GET', `${users}/${id}`)).status).toBe(404);
  expect((await browser.call('/admin/api/studio/users')).status).toBe(401);
  const audit = (await admin.call('GET', '/audit?limit=50')).text;
  expect(audit).toContain('studiousers.resetPassword');
  expect(audit).not.toContain(reset.password);
});

describe('wrong input', () => {
  const shape = (code: string) => ({ error: expect.any(String), code });

  it('is told in the shape that the front end reads', async () => {
    const browser = await newBrowser().signUp();
    const stranger = newBrowser();
    const body = { email: browser.email, password: STUDIO_PASSWORD };
    const calls = await Promise.all([
      stranger.call('/api/auth/register', { body }),
      stranger.call('/api/auth/register', { body: { email: 'nobody', password: STUDIO_PASSWORD } }),
      stranger.call('/api/auth/login', { body: { ...body, password: 'wrong one' } }),
      stranger.call('/api/auth/login', { body: '{' }),
      stranger.call('/api/videos'),
      browser.call('/api/videos', { body: { prompt: '' } }),
      browser.call('/api/videos', { body: { prompt: 'x'.repeat(70_000) } }),
      browser.call('/api/videos?page=0'),
      browser.call('/api/videos/none'),
      stranger.call('/api/nothing'),
      stranger.call('/api/videos/jobs', { headers: { authorization: `Bearer ${sluice.run.apiKey}` } }),
    ]);
    expect(calls.map(({ status }) => status)).toEqual([409, 400, 401, 400, 401, 400, 413, 400, 404, 404, 401]);
    const codes = ['EMAIL_EXISTS', 'VALIDATION_ERROR', 'INVALID_CREDENTIALS', 'VALIDATION_ERROR', 'UNAUTHORIZED'];
    for (const [index, code] of codes.entries()) expect(calls[index]?.json()).toMatchObject(shape(code));
    expect(calls[5]?.json()).toMatchObject({ details: [{ field: 'prompt' }] });
    expect(calls[9]?.json()).toMatchObject(shape('NOT_FOUND'));
  });
});
