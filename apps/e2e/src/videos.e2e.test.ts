import OpenAI, { toFile } from 'openai';
import OpenAICurrent from 'openai-current';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventually } from './harness/eventually.js';
import { sharedSluice } from './harness/shared-sluice.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;
const MODEL = 'sim-video';
/** Made at once, so that what is waited for is us. */
const QUICK = '[[sim:queueMs=0,videoMs=100]]';

const options = { baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 };
const SDKS: [string, OpenAI][] = [
  ['the SDK before', new OpenAI(options)],
  ['the current SDK', new OpenAICurrent(options) as unknown as OpenAI],
];

function png(): Buffer {
  const bytes = Buffer.alloc(64);
  Buffer.from('89504e470d0a1a0a0000000d494844520000000200000002', 'hex').copy(bytes);
  return bytes;
}

/** As users do it: by asking again until it is one of the two ends. */
const finished = (sdk: OpenAI, id: string) =>
  eventually(
    `video ${id} ends`,
    async () => {
      const video = await sdk.videos.retrieve(id);
      return ['completed', 'failed'].includes(video.status) && video;
    },
    { withinMs: 25_000, everyMs: 200 },
  );

describe.each(SDKS)('with %s', (_name, sdk) => {
  it('a video is made, downloaded, listed and deleted', async () => {
    const created = await sdk.videos.create({ model: MODEL as never, prompt: `a cat ${QUICK}`, seconds: '8' });
    expect(created).toMatchObject({ object: 'video', status: 'queued', seconds: '8', model: MODEL, error: null });
    expect(Object.keys(created)).toEqual(expect.arrayContaining(['completed_at', 'expires_at', 'size', 'prompt']));
    const video = await finished(sdk, created.id);
    expect(video).toMatchObject({ status: 'completed', progress: 100, seconds: '8' });
    const content = await sdk.videos.downloadContent(created.id);
    expect(content.headers.get('content-type')).toBe('video/mp4');
    const bytes = Buffer.from(await content.arrayBuffer());
    expect(content.headers.get('etag')).toBe(`"${createHash('sha256').update(bytes).digest('hex')}"`);
    const listed: string[] = [];
    for await (const { id } of sdk.videos.list({ limit: 2 })) {
      listed.push(id);
      if (id === created.id) break;
    }
    expect(listed).toContain(created.id);
    expect(await sdk.videos.delete(created.id)).toEqual({ id: created.id, object: 'video.deleted', deleted: true });
    await expect(sdk.videos.retrieve(created.id)).rejects.toMatchObject({ status: 404 });
  });

  it('a video is made from a picture, and another from that video', async () => {
    const picture = await toFile(png(), 'picture.png', { type: 'image/png' });
    const body = { model: MODEL as never, prompt: `as here ${QUICK}`, input_reference: picture };
    const first = await finished(sdk, (await sdk.videos.create(body)).id);
    expect(first.status).toBe('completed');
    const remix = await sdk.videos.remix(first.id, { prompt: `as a dog ${QUICK}` });
    expect(remix).toMatchObject({ remixed_from_video_id: first.id, model: MODEL });
    expect((await finished(sdk, remix.id)).status).toBe('completed');
  });

  it('what failed says why, and what is asked too early or wrongly is refused', async () => {
    const prompt = 'never [[sim:queueMs=0,videoMs=100,moderated,videoFails]]';
    const { id } = await sdk.videos.create({ model: MODEL as never, prompt });
    await expect(sdk.videos.downloadContent(id)).rejects.toMatchObject({ status: expect.any(Number) });
    expect(await finished(sdk, id)).toMatchObject({ status: 'failed', error: { code: 'moderation_blocked' } });
    await expect(
      sdk.videos.create({ model: MODEL as never, prompt: 'a', seconds: '600' as never }),
    ).rejects.toMatchObject({ status: 400, param: 'seconds' });
  });
});

describe('the content of a video', () => {
  it('comes in parts, by HEAD, and not twice', async () => {
    const sdk = sluice.openai;
    const { id } = await sdk.videos.create({ model: MODEL as never, prompt: `parts ${QUICK}` });
    await finished(sdk, id);
    const url = `${gateway}/v1/videos/${id}/content`;
    const headers = { authorization: `Bearer ${apiKey}` };
    const whole = Buffer.from(await (await fetch(url, { headers })).arrayBuffer());
    const part = await fetch(url, { headers: { ...headers, range: 'bytes=4-7' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(4, 8));
    const head = await fetch(url, { method: 'HEAD', headers });
    expect(head.headers.get('content-length')).toBe(String(whole.length));
    const again = await fetch(url, { headers: { ...headers, 'if-none-match': head.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    const other = await sluice.admin.createKey('a stranger');
    expect((await fetch(url, { headers: { authorization: `Bearer ${other.key}` } })).status).toBe(404);
  });
});

it("xAI's clients poll for their request, and follow its link without a key", async () => {
  const body = { model: MODEL, prompt: `in their words ${QUICK}`, duration: 6 };
  const made = await sluice.call('/v1/videos/generations', { method: 'POST', body });
  const { request_id: requestId } = made.json() as { request_id: string };
  const done = await eventually(
    'the request is done',
    async () => {
      const video = (await sluice.call(`/v1/videos/${requestId}`)).json() as {
        status: string;
        video?: { url: string; duration: number };
      };
      return video.status !== 'pending' && video;
    },
    { withinMs: 25_000, everyMs: 200 },
  );
  expect(done).toMatchObject({ status: 'done', video: { duration: 6 } });
  const film = await fetch(done.video?.url ?? '');
  expect([film.status, film.headers.get('content-type')]).toEqual([200, 'video/mp4']);
});
