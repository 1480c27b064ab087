import assert from 'node:assert/strict';
import OpenAI, { toFile } from 'openai';
import type { Video } from 'openai/resources/videos';
import { setTimeout as delay } from 'node:timers/promises';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { unique } from '../../harness/unique.js';
import { QUICK } from '../../scenarios/durable-videos.js';
import type { FilmPlayer } from '../../scenarios/film-player.js';
import type { LoneTarget } from './lone-target.js';

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const prompt = (words: string) => `${unique(words)} ${QUICK}`;

/** What the SDK's users do with videos, from the first call to the last. */
export async function tryVideos(client: SluiceClient, target: LoneTarget, player: FilmPlayer): Promise<string> {
  const sdk = client.openai;
  const { seconds } = target;
  const film = await made(sdk, { seconds: String(seconds), size: '1280x720' });
  assert.deepEqual([film.seconds, isWide(film)], [String(seconds), true]);
  await proveContent(sdk, film.id, player);
  const others = await Promise.all([
    // Clients of other languages write a number.
    post(client, '/v1/videos', { prompt: prompt('a number'), seconds, orientation: 'portrait' }),
    sdk.videos.create({
      prompt: prompt('from a file'),
      input_reference: await toFile(PIXEL, 'first.png', { type: 'image/png' }),
      seconds: String(seconds) as '8',
      size: '720x1280',
    }),
    post(client, '/v1/videos', {
      prompt: prompt('from a link'),
      input_reference: { image_url: `data:image/png;base64,${PIXEL.toString('base64')}` },
    }),
    post(client, '/v1/videos', { prompt: prompt('of nothing said') }),
  ]);
  for (const each of others) assert.equal((await createdAndPolled(sdk, each)).status, 'completed');
  const derived = await deriveAll(client, { target, film });
  const listed: string[] = [];
  for await (const { id } of sdk.videos.list({ limit: 2, order: 'desc' })) listed.push(id);
  for (const { id } of [film, ...others]) assert.ok(listed.includes(id), `${id} is not listed`);
  assert.equal((await sdk.videos.delete(film.id)).deleted, true);
  await assert.rejects(sdk.videos.retrieve(film.id), { status: 404 });
  return `${others.length + 1} made, ${derived} made of one, ${listed.length} listed`;
}

/** openai-python's `create_and_poll`, which the SDK for Node has not. */
async function createdAndPolled(sdk: OpenAI, { id }: Pick<Video, 'id'>): Promise<Video> {
  const headers = { 'X-Stainless-Poll-Helper': 'true' };
  for (;;) {
    const { data, response } = await sdk.videos.retrieve(id, { headers }).withResponse();
    if (data.status !== 'queued' && data.status !== 'in_progress') return data;
    const wait = Number(response.headers.get('openai-poll-after-ms'));
    assert.ok(wait >= 100 && wait <= 10_000, `openai-poll-after-ms: ${wait}`);
    await delay(wait);
  }
}

async function made(sdk: OpenAI, shape: { seconds: string; size: '1280x720' }): Promise<Video> {
  const { seconds, size } = shape;
  // The SDK's type lags behind what vendors make.
  const created = await sdk.videos.create({ model: 'sora-2', prompt: prompt('a film'), size, seconds: seconds as '8' });
  assert.match(created.id, /^video_/);
  const film = await createdAndPolled(sdk, created);
  assert.deepEqual([film.status, film.progress, film.error], ['completed', 100, null], JSON.stringify(film));
  return film;
}

async function proveContent(sdk: OpenAI, id: string, player: FilmPlayer): Promise<void> {
  const content = await sdk.videos.downloadContent(id);
  assert.equal(content.headers.get('content-type'), 'video/mp4');
  const bytes = new Uint8Array(await content.arrayBuffer());
  await player.playBytes(bytes);
  const part = await sdk.videos.downloadContent(id, {}, { headers: { range: 'bytes=4-7' } });
  assert.deepEqual([part.status, await part.text()], [206, 'ftyp']);
  for (const variant of ['thumbnail', 'spritesheet'] as const) {
    // Not every vendor has them.
    const picture = await sdk.videos.downloadContent(id, { variant }).catch((error: unknown) => error);
    if (picture instanceof Response) assert.match(picture.headers.get('content-type') ?? '', /^image\//);
    else assert.ok(picture instanceof OpenAI.NotFoundError && picture.param === 'variant', String(picture));
  }
}

/** What the target does of a film is done, and what it does not is said in the video's own error. */
async function deriveAll(client: SluiceClient, { target, film }: { target: LoneTarget; film: Video }): Promise<number> {
  const { openai: sdk } = client;
  const { derives } = target;
  const video = { id: film.id };
  const seconds = String(derives.extend ?? 8);
  const begun = {
    remix: await sdk.videos.remix(film.id, { prompt: prompt('by night') }),
    edit: await sdk.videos.edit({ video, prompt: prompt('in red') }),
    extend: await sdk.videos.extend({ video, prompt: prompt('and then'), seconds: seconds as '8' }),
  };
  for (const way of ['remix', 'edit', 'extend'] as const) {
    const ended = await createdAndPolled(sdk, begun[way]);
    const can = way in derives;
    assert.equal(ended.status, can ? 'completed' : 'failed', `${way}: ${JSON.stringify(ended)}`);
    if (!can) assert.ok((ended.error?.message ?? '').length > 20, `${way} is refused without a word`);
    assert.equal(ended.remixed_from_video_id, film.id);
  }
  return Object.keys(derives).length;
}

async function post(client: SluiceClient, path: string, body: object): Promise<Video> {
  const answer = await client.call(path, { body });
  assert.equal(answer.status, 200, answer.text);
  return answer.json() as Video;
}

function isWide({ size }: Video): boolean {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return width > height;
}
