import { GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../start-simulator.js';

let simulator: Simulator;
let nowMs = 1_800_000_000_000;
let client: GoogleGenAI;

beforeAll(async () => {
  simulator = await startSimulator({ clock: () => nowMs });
  client = new GoogleGenAI({ apiKey: 'key-1', httpOptions: { baseUrl: `${simulator.url}/gemini` } });
});
afterAll(() => simulator.close());
beforeEach(async () => void (await control('reset', {})));

function control(name: string, body: object) {
  return fetch(`${simulator.url}/__control/${name}`, { method: 'POST', body: JSON.stringify(body) });
}

function ask(path: string, { body, key = 'key-1' }: { body?: object; key?: string } = {}): Promise<Response> {
  const url = path.startsWith('http') ? path : `${simulator.url}/gemini/v1beta/${path}`;
  return fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'x-goog-api-key': key },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const predict = (prompt: string, parameters: object = {}, model = 'sim-veo') =>
  ask(`models/${model}:predictLongRunning`, { body: { instances: [{ prompt }], parameters } });

async function made(prompt: string): Promise<{ name: string; operation: Record<string, never> }> {
  const { name } = (await (await predict(prompt)).json()) as { name: string };
  nowMs += 60_000;
  return { name, operation: (await (await ask(name)).json()) as Record<string, never> };
}

describe('a video', () => {
  it('is made as the clock says, for the SDK', async () => {
    const begun = await client.models.generateVideos({
      model: 'sim-veo',
      prompt: 'a cat',
      config: { durationSeconds: 6 },
    });
    const pending = await client.operations.getVideosOperation({ operation: begun });
    expect(pending.done).toBeUndefined();
    nowMs += 60_000;
    const { done, response } = await client.operations.getVideosOperation({ operation: begun });
    const uri = response?.generatedVideos?.[0]?.video?.uri ?? '';
    expect([done, uri]).toEqual([true, expect.stringMatching(/files\/[a-z0-9]+:download\?alt=media$/)]);
    const film = Buffer.from(await (await ask(uri)).arrayBuffer());
    expect(film.toString('latin1', 4, 8)).toBe('ftyp');
  });

  it('and its file belong to the project', async () => {
    const { name, operation } = await made('mine');
    const { uri } = JSON.parse(JSON.stringify(operation)).response.generateVideoResponse.generatedSamples[0].video;
    expect((await ask(uri, { key: 'key-2' })).status).toBe(403);
    expect((await ask(name, { key: 'key-2' })).status).toBe(403);
    await control('quotas', { keys: ['key-1', 'key-2'], limit: 9, windowMs: 1_000 });
    expect((await ask(uri, { key: 'key-2' })).status).toBe(200);
  });

  it('is filtered, or fails, in the operation', async () => {
    const filtered = await made('bad [[sim:moderated]]');
    expect(filtered.operation).toMatchObject({
      done: true,
      response: { generateVideoResponse: { raiMediaFilteredCount: 1 } },
    });
    expect((await made('ill [[sim:video-fails]]')).operation).toMatchObject({ done: true, error: { code: 13 } });
  });

  it.each([
    [{ durationSeconds: 25 }, 'sim-veo'],
    [{ durationSeconds: 4, resolution: '1080p' }, 'sim-veo'],
    [{ resolution: '4k' }, 'veo-3.0-generate-001'],
    [{ aspectRatio: '1:1' }, 'sim-veo'],
    [{ sampleCount: 2 }, 'sim-veo'],
    [{ seed: 1 }, 'sim-veo'],
  ])('with %j is refused by %s', async (parameters, model) => {
    expect((await predict('a cat', parameters, model)).status).toBe(400);
  });

  it('is counted though its answer is lost, and quotas count submissions alone', async () => {
    await control('quotas', { keys: ['key-1'], limit: 1, windowMs: 1_000_000 });
    await expect(predict('lost [[sim:accept-first,lost-reply]]')).rejects.toThrow();
    expect((await predict('another')).status).toBe(429);
    const shown = await (await fetch(`${simulator.url}/__control/videos?prompt=lost`)).json();
    expect(shown).toMatchObject({ submissions: [{ accepted: 1 }] });
  });
});
