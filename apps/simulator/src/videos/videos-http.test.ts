import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../start-simulator.js';

let simulator: Simulator;
let nowMs = 1_800_000_000_000;
let lastPrompt = 0;

beforeAll(async () => {
  simulator = await startSimulator({ clock: () => nowMs });
});
afterAll(() => simulator.close());
beforeEach(async () => void (await fetch(`${simulator.url}/__control/reset`, { method: 'POST' })));

interface Asked {
  method?: string;
  body?: unknown;
  key?: string;
}

function ask(path: string, { method, body, key = 'sk-1' }: Asked = {}): Promise<Response> {
  const isForm = body instanceof FormData;
  return fetch(`${simulator.url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: { authorization: `Bearer ${key}`, ...(!isForm && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  });
}

async function json(answer: Promise<Response>): Promise<Record<string, unknown>> {
  return (await (await answer).json()) as Record<string, unknown>;
}

function prompt(markers = ''): string {
  lastPrompt += 1;
  return `film ${lastPrompt} [[sim:${markers}]]`;
}

async function create(markers = '', more: object = {}): Promise<string> {
  const { id } = await json(ask('/v1/videos', { body: { model: 'sim-video', prompt: prompt(markers), ...more } }));
  return String(id);
}

describe('a video', () => {
  it('is queued, in progress and completed as the clock says', async () => {
    const id = await create('queue-ms=100,video-ms=1100', { seconds: 8 });
    const stages: unknown[] = [];
    for (const stepMs of [0, 100, 500, 500]) {
      nowMs += stepMs;
      const { status, progress } = await json(ask(`/v1/videos/${id}`));
      stages.push([status, progress]);
    }
    expect(stages).toEqual([
      ['queued', 0],
      ['in_progress', 0],
      ['in_progress', 50],
      ['completed', 100],
    ]);
    const file = Buffer.from(await (await ask(`/v1/videos/${id}/content`)).arrayBuffer());
    expect(file.toString('latin1', 4, 8)).toBe('ftyp');
    expect(file.includes(id)).toBe(true);
    const picture = await ask(`/v1/videos/${id}/content?variant=thumbnail`);
    expect([...new Uint8Array(await picture.arrayBuffer()).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  });

  it('takes a form with a picture', async () => {
    const form = new FormData();
    form.set('prompt', prompt());
    form.set('seconds', '12');
    form.set('input_reference', new Blob(['12345'], { type: 'image/png' }), 'a.png');
    expect(await json(ask('/v1/videos', { body: form }))).toMatchObject({ seconds: '12', size: '720x1280' });
    const { videos } = await json(fetch(`${simulator.url}/__control/videos`));
    expect(videos).toMatchObject([{ references: [{ field: 'input_reference', mediaType: 'image/png', bytes: 5 }] }]);
  });

  it('stays stuck, and is its account’s alone', async () => {
    const id = await create('stuck-at=99');
    nowMs += 10_000_000;
    expect(await json(ask(`/v1/videos/${id}`))).toMatchObject({ status: 'in_progress', progress: 99 });
    expect((await ask(`/v1/videos/${id}`, { key: 'sk-2' })).status).toBe(404);
    expect((await ask(`/v1/videos/${id}`, { method: 'DELETE' })).status).toBe(409);
  });

  it('is taken on though the reply is lost, and counted', async () => {
    const lost = prompt('accept-first,lost-reply');
    for (const body of [{ prompt: lost }, { prompt: lost }])
      await expect(ask('/v1/videos', { body })).rejects.toThrow();
    await expect(ask('/v1/videos', { body: { prompt: prompt('lost-reply') } })).rejects.toThrow();
    const { submissions } = await json(fetch(`${simulator.url}/__control/videos`));
    expect(submissions).toEqual([{ prompt: lost, accepted: 2 }]);
  });

  it('is listed newest first, page by page', async () => {
    const ids = [await create(), await create(), await create()].toReversed();
    const first = await json(ask('/v1/videos?limit=2'));
    expect(first).toMatchObject({ has_more: true, last_id: ids[1] });
    const second = await json(ask(`/v1/videos?limit=2&after=${ids[1]}`));
    expect(second).toMatchObject({ has_more: false, data: [{ id: ids[2] }] });
  });

  it('is sent by way of a storage that wants no key', async () => {
    const id = await create('video-ms=0,content=redirect,expired-link');
    const statuses = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const location = (await ask(`/v1/videos/${id}/content`)).headers.get('location') ?? '';
      expect(new URL(location).hostname).toBe('localhost');
      statuses.push((await fetch(location)).status);
      if (turn === 1) statuses.push((await fetch(location, { headers: { authorization: 'Bearer sk-1' } })).status);
    }
    expect(statuses).toEqual([403, 200, 400]);
  });

  it('refuses a marker that it does not know', async () => {
    expect((await ask('/v1/videos', { body: { prompt: prompt('videoms=5') } })).status).toBe(400);
  });
});

it('plays a fault of one method alone', async () => {
  const rule = { match: { path: '/v1/videos', method: 'POST' }, fault: { status: 503 }, times: 1 };
  await fetch(`${simulator.url}/__control/faults`, { method: 'POST', body: JSON.stringify(rule) });
  expect((await ask('/v1/videos')).status).toBe(200);
  expect((await ask('/v1/videos', { body: { prompt: prompt() } })).status).toBe(503);
  expect((await ask('/v1/videos', { body: { prompt: prompt() } })).status).toBe(200);
});
