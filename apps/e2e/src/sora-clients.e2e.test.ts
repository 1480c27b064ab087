import { beforeAll, describe, expect, it } from 'vitest';
import { expectSuccess } from './harness/admin-client.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { QUICK, untilEnded } from './scenarios/durable-videos.js';
import { expectFilm, playSoraClient, type SoraCall, soraPrompt } from './scenarios/sora-client.js';
import { createSoraSession, readSoraTasks } from './scenarios/sora-session.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;
const sdk = sluice.openai;

const VENDOR = { upstream: 'sora', model: 'sim-video' };
const VEO = { upstream: 'gemini', model: 'sim-veo' };
const GROK = { upstream: 'grok', model: 'sim-grok-imagine-video' };
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** Names that no other test asks for. */
const ROUTES = {
  'sora-video-landscape': [VEO],
  'sora-video-portrait-10s': [GROK],
  'sora-video-landscape-25s': [VEO, GROK, VENDOR],
  'sora-video-portrait-25s': [GROK, VEO],
  'sora-video-portrait-15s': [VEO, { upstream: 'sora', model: 'sora-2', kind: 'session' }],
  'prompt-enhance': [{ upstream: 'openai', model: 'sim-chat' }],
};

beforeAll(async () => {
  await createSoraSession(sluice, { tokens: (account) => ({ sessionToken: `sim-st-${account}` }) });
  for (const [name, targets] of Object.entries(ROUTES))
    expectSuccess(await sluice.admin.call('PUT', `/routes/${name}`, { targets }));
});

const play = (model: string, content: unknown = soraPrompt('a film'), fields: SoraCall['fields'] = {}) =>
  playSoraClient({ gateway, apiKey, model, content, fields });

describe.concurrent('a session of a Sora2API client ends with a film that plays', () => {
  it('over a vendor of /v1/videos, from a picture', async () => {
    const content = [
      { type: 'text', text: soraPrompt('a film') },
      { type: 'image_url', image_url: { url: PIXEL } },
    ];
    const session = await play('sora2-landscape-10s', content);
    await expectFilm(session);
    expect(session.reasoning).toMatch(
      /^\*\*Image Upload Begins\*\*\n\nUploading image to server\.\.\.\nImage uploaded/,
    );
    expect(session.reasoning).toContain('Made by sora/sim-video, 10 s, 1280x720');
    const video = await sdk.videos.retrieve(session.videoId);
    expect(video).toMatchObject({ model: 'sora2-landscape-10s', seconds: '10', size: '1280x720', status: 'completed' });
  });

  const WHO = [
    ['sora-video-landscape', 'gemini/sim-veo'],
    ['sora-video-portrait-10s', 'grok/sim-grok-imagine-video'],
    ['sora-video-landscape-25s', 'sora/sim-video, 25 s'],
  ] as const;

  it('over Veo, Grok Imagine, and for 25 seconds over whoever can', async () => {
    const sessions = await Promise.all(WHO.map(([model]) => play(model)));
    await Promise.all(sessions.map(expectFilm));
    for (const [index, [, ran]] of WHO.entries()) expect(sessions[index]?.reasoning).toContain(`Made by ${ran}`);
  });

  it('over a session: scenes in a style, and the film remixed', async () => {
    const words = soraPrompt('a dog');
    const film = await play('sora-video-portrait-15s', `{anime} in black [5.0s]a cat [10s]${words}`);
    await expectFilm(film);
    expect(film.reasoning).toContain('Detected storyboard format. Converting to storyboard API format...\n');
    const { tasks } = await readSoraTasks(sluice.run.simulator ?? '', words);
    expect(tasks).toMatchObject([
      {
        operation: 'storyboard',
        prompt: expect.stringMatching(
          /^current timeline:\nShot 1:\nduration: 5sec\nScene: a cat\n\nShot 2:[^]*in black$/,
        ),
      },
    ]);
    const remix = await play('sora-video-portrait-15s', `${film.videoId} ${soraPrompt('by night')}`);
    await expectFilm(remix);
    const [before, after] = await Promise.all([film, remix].map(({ videoId }) => sdk.videos.retrieve(videoId)));
    expect(after).toMatchObject({ seconds: '15', size: before?.size });
  });

  it('not streamed as well', async () => {
    const body = { model: 'sora_video2-portrait-15s', messages: [{ role: 'user', content: soraPrompt('whole') }] };
    const { status, json } = await sluice.call('/v1/chat/completions', { method: 'POST', body });
    expect(status).toBe(200);
    expect(JSON.stringify(json())).toMatch(/<video src='http/);
  });
});

it('what no target can do is refused with what it can', async () => {
  const { status, error } = await play('sora-video-portrait-25s');
  expect(status).toBe(400);
  expect(error?.message).toMatch(/4, 6, 8/);
});

describe.concurrent('what is written among the words', () => {
  it('a link of ours is remixed, and an id is gone on from', async () => {
    const first = await play('sora2-portrait-10s');
    await expectFilm(first);
    const [, link = ''] = /src='([^']+)'/.exec(first.content) ?? [];
    const [remix, longer] = await Promise.all([
      play('sora2-portrait-10s', `${link} ${soraPrompt('by night')}`),
      play('sora2-extension-10s', `${first.videoId} ${soraPrompt('and then')}`),
    ]);
    await Promise.all([remix, longer].map(expectFilm));
    expect(await sdk.videos.retrieve(remix.videoId)).toMatchObject({ remixed_from_video_id: first.videoId });
    expect(await sdk.videos.retrieve(longer.videoId)).toMatchObject({ seconds: '20' });
    const turned = await play('sora2-landscape-10s', `${first.videoId} ${soraPrompt('turned')}`);
    expect(turned).toMatchObject({ status: 400, error: { param: 'model' } });
  });

  it.each([
    ['storyboard', '[5.0s]a cat [5s]a dog'],
    ['remix_target_id', 'https://sora.chatgpt.com/p/s_0123456789abcdef0123456789abcdef by night'],
  ])('what nobody can do is refused as %s', async (param, content) => {
    const { error } = await play('sora-video-landscape', content);
    expect(error).toMatchObject({ param });
  });
});

it('the SDK makes videos and pictures by the names, and what contradicts them is refused', async () => {
  const { id } = await sdk.videos.create({ model: 'sora2-portrait-15s' as never, prompt: `a cat ${QUICK}` });
  const wrong = sdk.videos.create({ model: 'sora2-portrait-15s' as never, prompt: 'a cat', seconds: '8' });
  await expect(wrong).rejects.toMatchObject({ status: 400, param: 'seconds' });
  const drawn = await sdk.images.generate({ model: 'gpt-image-landscape', prompt: 'a cat' });
  expect(drawn.data?.[0]?.url ?? drawn.data?.[0]?.b64_json).toBeTruthy();
  expect(await untilEnded(sdk, id)).toMatchObject({ status: 'completed', seconds: '15', size: '720x1280' });
});

it('a prompt is written out by whoever talks', async () => {
  const body = { prompt: 'a cat', expansion_level: 'long', duration: 15 };
  const { json } = await sluice.call('/v1/enhance_prompt', { method: 'POST', body });
  expect(json()).toMatchObject({ original_prompt: 'a cat', enhanced_prompt: expect.stringMatching(/\w/) });
});

it('the names are listed', async () => {
  const { data } = (await sluice.call('/v1/models')).json() as { data: { id: string }[] };
  const names = data.map(({ id }) => id);
  expect(names).toEqual(
    expect.arrayContaining(['sora2-landscape-10s', 'sora2pro-hd-portrait-15s', 'gpt-image', 'avatar-create']),
  );
});
