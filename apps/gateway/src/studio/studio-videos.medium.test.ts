import { GatewayError } from '@sluice/contracts/gateway-error';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CallOptions, createStudioRig, FILM, type StudioRig } from './__fixtures__/studio-rig.js';

let rig: StudioRig;
let ann: { token: string; id: string };

beforeAll(async () => {
  rig = await createStudioRig();
});
afterAll(() => rig.close());
beforeEach(async () => {
  const tables =
    'durable_generation, durable_event, idempotency_key, ledger, studio_user, studio_attempt, studio_video_slot';
  await rig.postgres.query({ text: `TRUNCATE ${tables}` });
  for (const name of Object.keys(rig.settings)) delete rig.settings[name as keyof typeof rig.settings];
  ann = await rig.signUp('ann');
});

const as =
  (token: string) =>
  (url: string, options: CallOptions = {}) =>
    rig.call(url, { token, ...options });
const annCalls = (url: string, options?: CallOptions) => as(ann.token)(url, options);

interface Job {
  id: string;
  status: string;
  videoId: string | null;
}

async function start(body: object = {}, token = ann.token): Promise<Job> {
  const { status, json } = await as(token)('/api/videos', { body: { prompt: 'a cat', ...body } });
  expect(status).toBe(202);
  return (json as { job: Job }).job;
}

async function made(body: object = {}): Promise<string> {
  const { id } = await start(body);
  await rig.worker.begin(id);
  await rig.worker.finish(id);
  return id.replace('job_', 'video_');
}

it('a limit that an operator set counts before that of the settings', async () => {
  rig.settings.STUDIO_DAILY_VIDEOS = 1;
  const { administration } = rig.studio;
  await administration.update(ann.id, { limits: { dailyVideos: 2, simultaneousVideos: 1 } });
  const first = await start();
  expect(await annCalls('/api/videos', { body: { prompt: 'b' } })).toMatchObject({
    status: 429,
    json: { code: 'TOO_MANY_JOBS' },
  });
  await annCalls(`/api/videos/jobs/${first.id}/cancel`, { method: 'POST' });
  await start();
  await administration.update(ann.id, { limits: { simultaneousVideos: 9 } });
  const refused = await annCalls('/api/videos', { body: { prompt: 'c' } });
  expect(refused).toMatchObject({ status: 429, json: { code: 'QUOTA_EXCEEDED' } });
});

it('a password is changed, and what was shown before opens nothing', async () => {
  const body = { currentPassword: 'correct horse', newPassword: 'battery staple' };
  const path = '/api/auth/password';
  expect((await rig.call(path, { body })).status).toBe(401);
  const { status, json } = await annCalls(path, { body });
  expect(status).toBe(200);
  expect(await annCalls('/api/auth/me')).toMatchObject({ status: 401, json: { code: 'UNAUTHORIZED' } });
  const { token } = json as { token: string };
  expect((await rig.call('/api/auth/me', { token })).status).toBe(200);
  const wrong = await rig.call(path, { token, body });
  expect(wrong).toMatchObject({ status: 400, json: { details: [{ field: 'currentPassword' }] } });
});

describe('a video', () => {
  it('is started, watched, seen, fetched and deleted', async () => {
    const answer = await annCalls('/api/videos', { body: { prompt: 'a cat', orientation: 'landscape' } });
    expect(answer).toMatchObject({
      status: 202,
      json: {
        job: {
          userId: ann.id,
          prompt: 'a cat',
          orientation: 'landscape',
          status: 'pending',
          progress: 0,
          videoId: null,
        },
        message: 'Video generation started',
      },
    });
    const { job } = answer.json as { job: Job };
    await rig.worker.begin(job.id);
    await rig.worker.progress(job.id, 42);
    expect((await annCalls(`/api/videos/jobs/${job.id}`)).json).toMatchObject({ status: 'processing', progress: 42 });
    expect((await annCalls('/api/videos/jobs')).json).toMatchObject([{ id: job.id }]);
    await rig.worker.finish(job.id);
    const videoId = job.id.replace('job_', 'video_');
    expect((await annCalls(`/api/videos/jobs/${job.id}`)).json).toMatchObject({
      status: 'completed',
      progress: 100,
      videoId,
      errorMessage: null,
      completedAt: expect.stringMatching(/^2026-/),
    });
    expect((await annCalls('/api/videos/jobs')).json).toEqual([]);
    const video = (await annCalls(`/api/videos/${videoId}`)).json as { videoUrl: string };
    expect(video).toMatchObject({
      id: videoId,
      modelUsed: 'sora-2',
      duration: 5,
      status: 'completed',
    });
    const { pathname, search } = new URL(video.videoUrl);
    expect((await rig.call(pathname + search)).bytes).toEqual(FILM);
    expect((await annCalls(`/api/videos/${videoId}/content`)).bytes).toEqual(FILM);
    expect((await annCalls(`/api/videos/${videoId}`, { method: 'DELETE' })).status).toBe(200);
    expect((await annCalls(`/api/videos/${videoId}`)).status).toBe(404);
    expect((await rig.call(pathname + search)).status).toBe(404);
  });

  it('is asked for by the settings of the operator', async () => {
    Object.assign(rig.settings, { STUDIO_MODEL: 'veo-<orientation>', STUDIO_SECONDS: 8 });
    await start({ orientation: 'portrait' });
    const { rows } = await rig.postgres.query<{ model: string; input: string; owner_key_id: string }>({
      text: 'SELECT model, input, owner_key_id FROM durable_generation',
    });
    expect(rows).toMatchObject([{ model: 'veo-portrait', owner_key_id: `studio:${ann.id}` }]);
    expect(JSON.parse(rows[0]?.input ?? '')).toMatchObject({ request: { aspectRatio: '9:16', durationSeconds: 8 } });
  });

  it('is asked for as whoever serves it makes it, until an operator says more', async () => {
    await start({ orientation: 'landscape' });
    const { rows } = await rig.postgres.query<{ input: string }>({ text: 'SELECT input FROM durable_generation' });
    const { request } = JSON.parse(rows[0]?.input ?? '') as { request: object };
    expect(request).toEqual({ model: 'sora-2', prompt: expect.any(String), aspectRatio: '16:9' });
  });

  it.each<[string, unknown, string]>([
    ['no prompt', {}, 'prompt'],
    ['an empty prompt', { prompt: '  ' }, 'prompt'],
    ['a prompt too long', { prompt: 'x'.repeat(1_001) }, 'prompt'],
    ['a prompt that is no text', { prompt: 7 }, 'prompt'],
    ['an unknown orientation', { prompt: 'a', orientation: 'round' }, 'orientation'],
    ['a list', [], 'body'],
  ])('with %s is refused', async (_name, body, field) => {
    expect(await annCalls('/api/videos', { body: body as object })).toMatchObject({
      status: 400,
      json: { code: 'VALIDATION_ERROR', error: expect.any(String), details: [{ field }] },
    });
  });

  it('is not started twice by one Idempotency-Key, nor counted twice', async () => {
    Object.assign(rig.settings, { STUDIO_DAILY_VIDEOS: 1 });
    const options = { body: { prompt: 'a cat' }, headers: { 'idempotency-key': 'k' } };
    const first = await annCalls('/api/videos', options);
    const again = await annCalls('/api/videos', options);
    expect([again.status, again.json]).toEqual([202, first.json]);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect((await annCalls('/api/videos', { ...options, body: { prompt: 'a dog' } })).status).toBe(422);
  });

  it('is not deleted while it is made, and cancelled before', async () => {
    const { id } = await start();
    expect(await annCalls(`/api/videos/${id}`, { method: 'DELETE' })).toMatchObject({
      status: 409,
      json: { code: 'CONFLICT' },
    });
    const cancelled = await annCalls(`/api/videos/jobs/${id}/cancel`, { method: 'POST' });
    expect(cancelled).toMatchObject({ status: 200, json: { status: 'failed', errorMessage: expect.any(String) } });
    expect((await annCalls(`/api/videos/${id}`, { method: 'DELETE' })).status).toBe(200);
  });

  it('of a model that the operator has not set up is nobody’s wrong input', async () => {
    const resolve = rig.resolver.resolve;
    rig.resolver.resolve = () => {
      throw new GatewayError('model_not_found', 'no');
    };
    const answer = await annCalls('/api/videos', { body: { prompt: 'a' } });
    rig.resolver.resolve = resolve;
    expect(answer).toMatchObject({ status: 503, json: { code: 'SERVICE_UNAVAILABLE' } });
  });
});

describe('a list', () => {
  it('has pages, and is told how many', async () => {
    const ids: string[] = [];
    for (const prompt of ['1', '2', '3']) {
      ids.push(await made({ prompt }));
      await rig.clock.advance(1_000);
    }
    await rig.worker.fail((await start()).id, 'no');
    const first = (await annCalls('/api/videos?page=1&limit=2')).json as { videos: { id: string }[] };
    expect(first).toMatchObject({ pagination: { page: 1, limit: 2, total: 3, totalPages: 2 } });
    const second = (await annCalls('/api/videos?page=2&limit=2&status=completed')).json as typeof first;
    expect([...first.videos, ...second.videos].map(({ id }) => id)).toEqual(ids.toReversed());
    expect((await annCalls('/api/videos?page=9')).json).toMatchObject({ videos: [], pagination: { total: 3 } });
    expect((await annCalls('/api/videos?status=failed')).json).toMatchObject({ pagination: { total: 1 } });
    expect((await annCalls('/api/videos?limit=500')).json).toMatchObject({ pagination: { limit: 100 } });
  });

  it.each(['page=0', 'page=x', 'limit=0', 'limit=1.5', 'status=done'])('by %s is refused', async (query) => {
    expect(await annCalls(`/api/videos?${query}`)).toMatchObject({
      status: 400,
      json: { code: 'VALIDATION_ERROR', details: [{ field: query.split('=')[0] }] },
    });
  });
});

describe("somebody else's", () => {
  it('is as unknown as none, whatever is asked of it', async () => {
    const id = await made();
    const running = (await start()).id;
    const bob = as((await rig.signUp('bob')).token);
    expect((await bob('/api/videos')).json).toMatchObject({ videos: [], pagination: { total: 0 } });
    expect((await bob('/api/videos/jobs')).json).toEqual([]);
    const none = `video_${'0'.repeat(32)}`;
    const calls: [string, CallOptions?][] = [
      ['/api/videos/ID'],
      ['/api/videos/ID/content'],
      ['/api/videos/ID', { method: 'DELETE' }],
      ['/api/videos/jobs/ID'],
      ['/api/videos/jobs/ID/stream'],
      ['/api/videos/jobs/ID/cancel', { method: 'POST' }],
    ];
    for (const [url, options] of calls)
      for (const each of [id, running, none, 'x', `gen_${id.slice(6)}'`])
        expect(await bob(url.replace('ID', encodeURIComponent(each)), options)).toMatchObject({
          status: 404,
          json: { code: 'NOT_FOUND' },
        });
    expect((await annCalls(`/api/videos/${id}`)).status).toBe(200);
    expect((await annCalls(`/api/videos/jobs/${running}`)).json).toMatchObject({ status: 'pending' });
  });

  it('is not reached without a token, or with a wrong one', async () => {
    for (const url of ['/api/videos', '/api/videos/jobs', '/api/videos/video_1', '/api/auth/me'])
      for (const token of [undefined, 'x', `${ann.token}x`])
        expect(await rig.call(url, token === undefined ? {} : { token })).toMatchObject({
          status: 401,
          json: { code: 'UNAUTHORIZED' },
        });
    Object.assign(rig.settings, { STUDIO_TOKEN_MS: 60_000 });
    const { token } = await rig.signUp('bob');
    expect((await as(token)('/api/auth/me')).json).toMatchObject({ email: 'bob@example.com', username: null });
    await rig.clock.advance(61_000);
    expect((await as(token)('/api/auth/me')).json).toEqual({ error: 'The token has expired.', code: 'UNAUTHORIZED' });
  });
});

describe('an account', () => {
  it('is deleted with its videos and files, and what runs is ended', async () => {
    const bob = await rig.signUp('bob');
    const bobs = await start({}, bob.token);
    const id = await made();
    const waiting = await start();
    const running = await start();
    await rig.worker.begin(running.id);
    const answer = await annCalls('/api/auth/me', { method: 'DELETE' });
    expect(answer.status).toBe(202);
    expect((await annCalls('/api/videos')).status).toBe(401);
    expect(await rig.store.head(`results/gen_${id.slice(6)}.mp4`)).toBeUndefined();
    const left = () => rig.postgres.query<{ id: string }>({ text: 'SELECT id FROM durable_generation ORDER BY id' });
    const generation = (job: { id: string }) => ({ id: job.id.replace('job_', 'gen_') });
    expect((await left()).rows).toEqual(
      [generation(bobs), generation(running)].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    );
    expect((await left()).rows).not.toContainEqual(generation(waiting));
    // What the upstream is told of ends a little later.
    await rig.worker.fail(running.id, 'cancelled');
    await rig.studio.removal.goOn();
    expect((await left()).rows).toEqual([generation(bobs)]);
    const users = await rig.postgres.query({ text: 'SELECT id FROM studio_user' });
    expect(users.rows).toEqual([{ id: bob.id }]);
    expect((await rig.signUp('ann')).id).not.toBe(ann.id);
  });

  it('with nothing in the making is gone at once', async () => {
    await made();
    expect((await annCalls('/api/auth/me', { method: 'DELETE' })).status).toBe(200);
    expect((await rig.postgres.query({ text: 'SELECT FROM studio_video_slot' })).rows).toEqual([]);
  });
});

it('what is too large or no JSON, and paths that nobody has, are told in the same shape', async () => {
  const body = { email: 'a@b.example', password: 'x'.repeat(70_000) };
  const shape = { error: expect.any(String), code: expect.any(String) };
  expect(await rig.call('/api/auth/login', { body })).toMatchObject({ status: 413, json: shape });
  expect(await rig.call('/api/auth/login', { body: '{' })).toMatchObject({ status: 400, json: shape });
  expect(await rig.call('/api/nothing')).toMatchObject({ status: 404, json: { ...shape, code: 'NOT_FOUND' } });
});
