import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { httpCall, openCall } from './harness/http-call.js';
import { type Frame, readFrames } from './harness/read-frames.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';

const sluice = sharedSluice();
const { gateway } = sluice.run;
/** Made at once, so that what is waited for is us. */
const QUICK = '[[sim:queueMs=0,videoMs=1200]]';
const PASSWORD = 'correct horse battery';

const signedInSchema = z.object({ user: z.object({ id: z.string(), email: z.string() }), token: z.string() });
const jobSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  progress: z.number(),
  videoId: z.string().nullable(),
});
const startedSchema = z.object({ job: jobSchema, streamUrl: z.string(), message: z.string() });
const videoSchema = z.looseObject({ id: z.string(), videoUrl: z.string(), duration: z.number() });
const pageSchema = z.object({ videos: z.array(videoSchema), pagination: z.looseObject({ total: z.number() }) });

/** The front end's calls, as one user. */
class Browser {
  token = '';
  constructor(readonly email: string) {}

  call(path: string, options: { method?: string; body?: unknown; headers?: Record<string, string> } = {}) {
    const headers = { ...(this.token && { authorization: `Bearer ${this.token}` }), ...options.headers };
    return httpCall({ ...options, url: gateway + path, headers });
  }

  async signUp(): Promise<this> {
    const answer = await this.call('/api/auth/register', { body: { email: this.email, password: PASSWORD } });
    expect(answer.status).toBe(201);
    this.token = signedInSchema.parse(answer.json()).token;
    return this;
  }

  async start(prompt: string, orientation = 'portrait') {
    const answer = await this.call('/api/videos', { body: { prompt, orientation } });
    expect(answer.status).toBe(202);
    return startedSchema.parse(answer.json());
  }

  async watch(streamUrl: string): Promise<Frame[]> {
    const { body } = await openCall({ url: gateway + streamUrl, headers: { authorization: `Bearer ${this.token}` } });
    const frames: Frame[] = [];
    for await (const frame of readFrames(body)) if (frame.event !== undefined) frames.push(frame);
    return frames;
  }
}

const newBrowser = () => new Browser(`${unique('user')}@example.com`);

describe("the platform's front end", () => {
  it('signs up, logs in, makes a video, watches it, finds it, downloads and deletes it, and goes', async () => {
    const browser = await newBrowser().signUp();
    const login = await browser.call('/api/auth/login', {
      body: { email: browser.email.toUpperCase(), password: PASSWORD },
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
    const page = pageSchema.parse((await browser.call('/api/videos?page=1&limit=20')).json());
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

describe('wrong input', () => {
  const shape = (code: string) => ({ error: expect.any(String), code });

  it('is told in the shape that the front end reads', async () => {
    const browser = await newBrowser().signUp();
    const stranger = newBrowser();
    const body = { email: browser.email, password: PASSWORD };
    const calls = await Promise.all([
      stranger.call('/api/auth/register', { body }),
      stranger.call('/api/auth/register', { body: { email: 'nobody', password: PASSWORD } }),
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
