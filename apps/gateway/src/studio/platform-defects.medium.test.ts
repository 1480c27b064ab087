import { Reconciler } from '@sluice/domain-generations/reconciler';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStudioRig, type StudioRig } from './__fixtures__/studio-rig.js';

/** What the platform that this API comes from did wrong, each by its name. */
let rig: StudioRig;
let token: string;

beforeAll(async () => {
  rig = await createStudioRig();
});
afterAll(() => rig.close());
beforeEach(async () => {
  const tables =
    'durable_generation, durable_event, idempotency_key, ledger, studio_user, studio_attempt, studio_video_slot';
  await rig.postgres.query({ text: `TRUNCATE ${tables}` });
  for (const name of Object.keys(rig.settings)) delete rig.settings[name as keyof typeof rig.settings];
  rig.rung.length = 0;
  token = (await rig.signUp('ann')).token;
});

interface Job {
  id: string;
  status: string;
}

const get = async (url: string) => (await rig.call(url, { token })).json;
const post = (user = token) => rig.call('/api/videos', { token: user, body: { prompt: 'a cat' } });

async function start(): Promise<string> {
  const { status, json } = await post();
  expect(status).toBe(202);
  return (json as { job: Job }).job.id;
}

/** Every frame until the stream ends: `event data`. */
async function watch(id: string): Promise<string[]> {
  const answer = rig.call(`/api/videos/jobs/${id}/stream`, { token });
  let isOver = false;
  void answer.finally(() => (isOver = true));
  // What Redis tells before it is listened to is found by the next look.
  await expect.poll(async () => (await rig.clock.advance(1_000), isOver)).toBe(true);
  const { bytes } = await answer;
  const frames = bytes
    .toString()
    .split('\n\n')
    .filter((frame) => frame !== '');
  return frames.map((frame) => frame.replace(/^event: (\w+)\ndata: /, '$1 '));
}

/** Until so many follow a job. */
const followed = (count: number) => expect.poll(() => rig.durable.reader.size).toBe(count);

it('success text and finish_reason each insert a video: one job makes one', async () => {
  const id = await start();
  await rig.worker.begin(id);
  expect(await rig.worker.finish(id)).toBeDefined();
  expect(await rig.worker.finish(id)).toBeUndefined();
  expect(await get('/api/videos')).toMatchObject({ videos: [{}], pagination: { total: 1 } });
});

it('errors in the stream are ignored, and it ends with “no video URL”: the reason is told, everywhere', async () => {
  const id = await start();
  await rig.worker.begin(id);
  const watching = watch(id);
  await followed(1);
  await rig.worker.fail(id, 'The upstream is on fire.');
  expect((await watching).at(-1)).toBe('error {"error":"The upstream is on fire."}');
  expect(await get(`/api/videos/jobs/${id}`)).toMatchObject({
    status: 'failed',
    errorMessage: 'The upstream is on fire.',
    videoId: null,
  });
});

describe('pending jobs are never picked up again after a restart', () => {
  it('but are, without one: whoever lost the job, the row is rung for', async () => {
    const id = await start();
    await expect.poll(() => rig.rung.length).toBe(1);
    // The queue loses it; nobody restarts.
    rig.rung.length = 0;
    const { redis, postgres, durable, clock } = rig;
    const reconciler = new Reconciler({ postgres, redis, prefix: 'test', bell: durable.bell, clock });
    await redis.set('test:durable:rung', '1');
    await clock.advance(4_000);
    expect(await reconciler.run()).toBe(1);
    expect(rig.rung).toEqual([expect.objectContaining({ upstream: 'sora' })]);
    expect(rig.rung[0]?.jobId).toContain(id.replace('job_', ''));
  });

  it('and what runs is not failed because it takes long', async () => {
    const id = await start();
    await rig.worker.begin(id);
    await rig.clock.advance(10 * 60_000);
    expect(await get(`/api/videos/jobs/${id}`)).toMatchObject({ status: 'processing', errorMessage: null });
    await rig.worker.finish(id);
    expect(await get(`/api/videos/jobs/${id}`)).toMatchObject({ status: 'completed' });
  });
});

describe('no limit per user', () => {
  it('but so many at a time, however many come at once; and another user has their own', async () => {
    Object.assign(rig.settings, { STUDIO_SIMULTANEOUS_VIDEOS: 3 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => post()));
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted).toHaveLength(3);
    expect(answers.find(({ status }) => status !== 202)).toMatchObject({
      status: 429,
      json: { code: 'TOO_MANY_JOBS', error: expect.stringContaining('3') },
    });
    const { rows } = await rig.postgres.query({ text: 'SELECT FROM ledger' });
    expect(rows).toHaveLength(3);
    expect((await post((await rig.signUp('bob')).token)).status).toBe(202);
    const [id = ''] = accepted.map(({ json }) => (json as { job: Job }).job.id);
    await rig.worker.begin(id);
    await rig.worker.finish(id);
    expect((await post()).status).toBe(202);
  });

  it('but so many a day, deleted or not, and again tomorrow', async () => {
    Object.assign(rig.settings, { STUDIO_DAILY_VIDEOS: 2 });
    for (let count = 0; count < 2; count += 1) {
      const id = await start();
      await rig.worker.begin(id);
      await rig.worker.finish(id);
      await rig.call(`/api/videos/${id}`, { token, method: 'DELETE' });
    }
    const refused = await post();
    expect(refused).toMatchObject({ status: 429, json: { code: 'QUOTA_EXCEEDED' } });
    const waitSeconds = Number(refused.headers['retry-after']);
    expect(waitSeconds).toBeLessThanOrEqual(12 * 60 * 60);
    await rig.clock.advance(waitSeconds * 1_000);
    expect((await post()).status).toBe(202);
  });
});

it('SIGTERM does not drain: streams end when the gateway does, and go on at the next one', async () => {
  const id = await start();
  await rig.worker.begin(id);
  await rig.worker.progress(id, 10);
  const watching = watch(id);
  await followed(1);
  rig.durable.reader.stop();
  expect(await watching).toEqual(['progress {"progress":10,"status":"processing"}']);
  rig.durable.reader.start();
  const again = watch(id);
  await followed(1);
  await rig.worker.progress(id, 60);
  await rig.worker.finish(id);
  const frames = await again;
  expect(frames.filter((frame) => frame.startsWith('complete'))).toHaveLength(1);
  expect(frames[0]).toBe('progress {"progress":10,"status":"processing"}');
  expect(frames.at(-2)).toBe('progress {"progress":100,"status":"completed"}');
  expect(JSON.parse(frames.at(-1)?.replace('complete ', '') ?? '')).toMatchObject({
    videoId: id.replace('job_', 'video_'),
    videoUrl: expect.stringMatching(/^http/),
  });
});

it("videoUrl is the upstream's, and expires: it is ours, and new each time", async () => {
  const id = await start();
  await rig.worker.begin(id);
  await rig.worker.finish(id);
  const url = async () => new URL(((await get(`/api/videos/${id}`)) as { videoUrl: string }).videoUrl);
  const fetched = async ({ pathname, search }: URL) => (await rig.call(pathname + search)).status;
  const first = await url();
  expect([first.host, await fetched(first)]).toEqual(['localhost', 200]);
  await rig.clock.advance(61_000);
  expect([await fetched(first), await fetched(await url())]).toEqual([403, 200]);
});

it('externalJobId is never filled: it names the operation of the upstream', async () => {
  const id = await start();
  expect(await get(`/api/videos/jobs/${id}`)).toMatchObject({ externalJobId: null, retryCount: 0 });
  await rig.worker.begin(id);
  expect(await get(`/api/videos/jobs/${id}`)).toMatchObject({ externalJobId: `up_${id}`, retryCount: 0 });
  await rig.postgres.query({ text: 'UPDATE durable_generation SET attempt = 3' });
  expect(await get(`/api/videos/jobs/${id}`)).toMatchObject({ retryCount: 2 });
});

it('a job that has ended is told at once, and a stream of a deleted one ends', async () => {
  const done = await start();
  await rig.worker.begin(done);
  await rig.worker.finish(done);
  expect((await watch(done)).map((frame) => frame.split(' ')[0])).toEqual(['progress', 'complete']);
  const cancelled = await start();
  const watching = watch(cancelled);
  await followed(1);
  await rig.call(`/api/videos/jobs/${cancelled}/cancel`, { token, method: 'POST' });
  expect((await watching).at(-1)).toMatch(/^error /);
  await followed(0);
});
