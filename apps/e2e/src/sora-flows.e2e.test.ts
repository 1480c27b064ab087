import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSuccess } from './harness/admin-client.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { untilEnded } from './scenarios/durable-videos.js';
import { FilmPlayer } from './scenarios/film-player.js';
import { runPlatformServer } from './scenarios/platform-server.js';
import { expectFilm, filmLinkIn, playSoraClient, type SoraCall, soraPrompt } from './scenarios/sora-client.js';
import { createSoraSession } from './scenarios/sora-session.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** Names that no other test asks for, each with one target, which makes them. */
const ROUTES = {
  'sora2-pro-landscape-9s': { upstream: 'sora', model: 'sim-video', kind: 'videos-api' },
  'sora2-pro-landscape-15s': { upstream: 'sora', model: 'sora-2', kind: 'session' },
  'sora2-pro-landscape-8s': { upstream: 'gemini', model: 'sim-veo' },
  'sora2-pro-landscape-7s': { upstream: 'grok', model: 'sim-grok-imagine-video' },
};

let player: FilmPlayer;

beforeAll(async () => {
  const made = createSoraSession(sluice, { tokens: (account) => ({ sessionToken: `sim-st-${account}` }) });
  for (const [name, target] of Object.entries(ROUTES))
    expectSuccess(await sluice.admin.call('PUT', `/routes/${name}`, { targets: [target] }));
  [, player] = await Promise.all([made, FilmPlayer.open()]);
});

afterAll(async () => {
  await player?.close();
  for (const name of Object.keys(ROUTES)) await sluice.admin.call('DELETE', `/routes/${name}`);
});

const play = (model: string, content: unknown = soraPrompt('a film'), fields: SoraCall['fields'] = {}) =>
  playSoraClient({ gateway, apiKey, model, content, fields });

it.concurrent.each(Object.entries(ROUTES))(
  '%s is a film that a browser plays by its link',
  async (name, { upstream, model }) => {
    const session = await play(name);
    await expectFilm(session);
    expect(session.maker).toEqual({ upstream, model });
    const video = await sluice.openai.videos.retrieve(session.videoId);
    expect(`-${video.seconds}s`).toBe(/-\d+s$/.exec(name)?.[0]);
    await player.play(filmLinkIn(session.content));
  },
);

it.concurrent('Veo’s own lengths and shapes are told, though Google tells neither', async () => {
  const { id } = await sluice.openai.videos.create({ model: 'sim-veo' as never, prompt: soraPrompt('as usual') });
  expect(await untilEnded(sluice.openai, id)).toMatchObject({ status: 'completed', seconds: '8', size: '1280x720' });
});

it.concurrent('the platform’s server reads its progress, its link and its end from the content', async () => {
  const headers = { 'x-sluice-progress': 'content', 'x-sluice-media-format': 'markdown' };
  const heard = await runPlatformServer(sluice, headers);
  expect(heard.progress.length).toBeGreaterThan(0);
  expect(heard.isStopped).toBe(true);
  await player.play(heard.url);
});

describe.concurrent('as clients of Sora2API write it', () => {
  it('a picture is bare base64', async () => {
    const session = await play('sora2-pro-landscape-9s', soraPrompt('moves'), { image: PIXEL });
    await expectFilm(session);
    expect(session.reasoning).toMatch(/^\*\*Image Upload Begins\*\*/);
  });

  it('what is refused late is told in the thoughts, then in the content, then as an error', async () => {
    const { status, reasoning, content, error, isDone, order } = await play(
      'sora2-pro-landscape-9s',
      'bad [[sim:queueMs=0,videoMs=2500,moderated]]',
    );
    expect([status, isDone]).toEqual([200, true]);
    expect(reasoning).toMatch(/\*\*Content Policy Violation\*\*\n\n[^\n]+\n$/);
    expect(content).toMatch(/^❌ 生成失败: \S/);
    expect(error?.message).toBeTruthy();
    expect(order.slice(-4)).toEqual(['reasoning', 'content', 'error', 'done']);
  });

  it('what fails late is an error in the stream, and nothing else of an answer', async () => {
    const prompt = 'fails [[sim:queueMs=0,videoMs=2500,videoFails]]';
    const { status, content, order, error } = await play('sora2-pro-landscape-9s', prompt);
    expect([status, content, error?.message !== undefined]).toEqual([200, '', true]);
    expect(order.slice(-2)).toEqual(['error', 'done']);
  });

  it.each([
    ['sora2-pro-landscape-8s', { seconds: 9 }, 400, 'seconds'],
    ['sora2-pro-landscape-8s', { orientation: 'portrait' }, 400, 'aspect_ratio'],
    ['sora2-landscape-10s', { image: 7 }, 400, 'image'],
    ['sora2-landscape-10s', { remix_target_id: 5 }, 400, 'remix_target_id'],
    ['Sora2-Landscape-10s', {}, 404, 'model'],
    ['sora2-extension-10s', {}, 400, 'messages'],
  ] as const)('%s with %j is refused by the name of its field', async (model, fields, status, param) => {
    expect(await play(model, soraPrompt('odd'), fields)).toMatchObject({ status, error: { param } });
  });
});

it.concurrent('what a target cannot is told in the caller’s words', async () => {
  const video = await sluice.openai.videos.create({
    model: 'sim-veo' as never,
    prompt: soraPrompt('too long'),
    seconds: '12',
  });
  const { error } = await untilEnded(sluice.openai, video.id);
  expect(error?.message).toMatch(/^Invalid 'seconds': '12'.*4, 6, 8/);
});
