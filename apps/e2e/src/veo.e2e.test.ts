import { ApiError, GoogleGenAI, type GenerateVideosOperation } from '@google/genai';
import OpenAI from 'openai';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from './harness/eventually.js';
import { sharedSluice } from './harness/shared-sluice.js';

const { gateway, apiKey } = sharedSluice().run;
const google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway } });
const openai = new OpenAI({ baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 });
const MODEL = 'sim-veo';
/** Made at once, so that what is waited for is us. */
const QUICK = '[[sim:queueMs=0,videoMs=100]]';
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** As Google's pages show it: by asking after the operation until it is done. */
const ended = (operation: GenerateVideosOperation) =>
  eventually(
    `operation ${operation.name ?? ''} is done`,
    async () => {
      const now = await google.operations.getVideosOperation({ operation });
      return now.done === true && now;
    },
    { withinMs: 25_000, everyMs: 200 },
  );

describe("with Google's SDK, by its base URL alone", () => {
  it('a video is made from a picture, downloaded and extended', async () => {
    const image = { imageBytes: PIXEL, mimeType: 'image/png' };
    const config = { durationSeconds: 6, aspectRatio: '9:16', negativePrompt: 'dogs' };
    const begun = await google.models.generateVideos({
      model: MODEL,
      source: { prompt: `a cat ${QUICK}`, image },
      config,
    });
    expect(begun).toMatchObject({ name: expect.stringMatching(/^models\/sim-veo\/operations\/gen_[0-9a-f]{32}$/) });
    const { response } = await ended(begun);
    const film = response?.generatedVideos?.[0]?.video;
    const folder = await mkdtemp(join(tmpdir(), 'sluice-veo-'));
    try {
      const downloadPath = join(folder, 'film.mp4');
      await google.files.download({ file: film ?? '', downloadPath });
      expect((await readFile(downloadPath)).toString('latin1', 4, 8)).toBe('ftyp');
    } finally {
      await rm(folder, { recursive: true });
    }
    const longer = await google.models.generateVideos({
      model: MODEL,
      source: { prompt: `and then ${QUICK}`, ...(film && { video: film }) },
    });
    expect((await ended(longer)).response?.generatedVideos).toHaveLength(1);
  });

  it('what is filtered is told as such, what cannot be made with what can', async () => {
    const prompt = 'bad [[sim:queueMs=0,videoMs=100,moderated]]';
    const filtered = await ended(await google.models.generateVideos({ model: MODEL, source: { prompt } }));
    expect(filtered.response).toMatchObject({ raiMediaFilteredCount: 1 });
    const config = { durationSeconds: 25 };
    const long = await ended(await google.models.generateVideos({ model: MODEL, source: { prompt: 'long' }, config }));
    expect(long.error).toMatchObject({ code: 3, message: expect.stringContaining('4, 6, 8') });
  });

  it('nothing of another key is seen', async () => {
    const begun = await google.models.generateVideos({ model: MODEL, source: { prompt: `mine ${QUICK}` } });
    const stranger = new GoogleGenAI({ apiKey: 'sk-none', httpOptions: { baseUrl: gateway } });
    const asked = stranger.operations.getVideosOperation({ operation: begun });
    await expect(asked).rejects.toBeInstanceOf(ApiError);
    expect((await fetch(`${gateway}/v1beta/operations/${begun.name?.split('/').at(-1)}?key=${apiKey}`)).status).toBe(
      200,
    );
    await ended(begun);
  });
});

it("OpenAI's SDK makes the same, and is told the same", async () => {
  const prompt = `a cat ${QUICK}`;
  const { id } = await openai.videos.create({ model: MODEL as never, prompt, seconds: '8', size: '1280x720' });
  const video = await eventually(
    `video ${id} ends`,
    async () => {
      const now = await openai.videos.retrieve(id);
      return ['completed', 'failed'].includes(now.status) && now;
    },
    { withinMs: 25_000, everyMs: 200 },
  );
  expect(video).toMatchObject({ status: 'completed', seconds: '8', size: '1280x720' });
  const content = await openai.videos.downloadContent(id);
  expect(Buffer.from(await content.arrayBuffer()).toString('latin1', 4, 8)).toBe('ftyp');
});
