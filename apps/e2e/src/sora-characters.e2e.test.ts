import { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectSuccess } from './harness/admin-client.js';
import { eventually } from './harness/eventually.js';
import { httpCall } from './harness/http-call.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';
import { QUICK, untilEnded } from './scenarios/durable-videos.js';
import { playSoraClient, soraPrompt } from './scenarios/sora-client.js';
import { createSoraSession, readSoraTasks } from './scenarios/sora-session.js';

const sluice = sharedSluice();
const { gateway, apiKey, simulator = '' } = sluice.run;
const sdk = sluice.openai;
/** Models that only the account of these tests has, and the vendor. */
const ONLY_HERE = unique('only-here');
const OWN = unique('character');
const OWN_VIDEO = unique('character-video');
const OWN_FILM = unique('character-film');
const OWN_CHAT = unique('character-chat');

const characterSchema = z.object({
  id: z.string().startsWith('char_'),
  status: z.enum(['processing', 'ready', 'failed']),
  username: z.string().nullable(),
  display_name: z.string().nullable(),
  character_id: z.string().nullable(),
  profile_url: z.string().nullable(),
  public: z.boolean().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
type Character = z.infer<typeof characterSchema>;

/** A vendor of the videos protocol that makes nothing but characters. */
let vendorId: string;

beforeAll(async () => {
  await createSoraSession(sluice, {
    tokens: (account) => ({ accessToken: `sim-at-${account}` }),
    models: [ONLY_HERE, 'sora-2'],
  });
  const vendor = {
    upstream: 'sora',
    kind: 'videos-api',
    label: OWN_CHAT,
    secret: { apiKey: OWN_CHAT },
    baseUrl: `${simulator}/v1`,
    allowPrivateNetwork: true,
    models: ['avatar-create'],
  };
  const added = expectSuccess(await sluice.admin.call('POST', '/credentials', vendor));
  vendorId = z.object({ id: z.string() }).parse(added).id;
  const targets = (kind: string, model: string) => ({ targets: [{ upstream: 'sora', kind, model }] });
  expectSuccess(await sluice.admin.call('PUT', `/routes/${OWN}`, targets('session', ONLY_HERE)));
  expectSuccess(await sluice.admin.call('PUT', `/routes/${OWN_VIDEO}`, targets('session', 'sora-2')));
  expectSuccess(await sluice.admin.call('PUT', `/routes/${OWN_FILM}`, targets('videos-api', 'sim-video')));
  expectSuccess(await sluice.admin.call('PUT', `/routes/${OWN_CHAT}`, targets('videos-api', 'avatar-create')));
});
afterAll(async () => {
  await sluice.admin.call('DELETE', `/credentials/${vendorId}`);
});

/** A film whose own bytes tell the simulated site what shall become of it. */
function film(marks = 'videoMs=0'): Buffer {
  return Buffer.concat([
    Buffer.from([0, 0, 0, 24]),
    Buffer.from(`ftypisom\0\0\0\0isommp42[[sim:${marks}]]${unique('film')}`),
  ]);
}

function dataUrl(bytes = film()): string {
  return `data:video/mp4;base64,${bytes.toString('base64')}`;
}

async function call(
  path: string,
  { method, body, headers = {} }: { method?: string; body?: object; headers?: Record<string, string> } = {},
) {
  const answer = await sluice.call(`/v1/characters${path}`, {
    ...(method && { method }),
    ...(body && { body }),
    headers,
  });
  return { ...answer, error: (answer.json() as { error?: { param?: string; message: string } | null }).error };
}

async function make(body: object): Promise<Character> {
  const begun = await call('', { body: { model: OWN, video_url: dataUrl(), ...body } });
  expect(begun.status, begun.text).toBe(200);
  return ended(characterSchema.parse(begun.json()).id);
}

function ended(id: string): Promise<Character> {
  return eventually(
    `character ${id} ends`,
    async () => {
      const character = characterSchema.parse((await call(`/${id}`)).json());
      return character.status !== 'processing' && character;
    },
    { withinMs: 30_000, everyMs: 200 },
  );
}

describe.concurrent('a character', () => {
  it('is made of a film, shown, found, and taken away', async () => {
    const username = unique('rex').replaceAll(/\W/g, '');
    const made = await make({
      username: `@${username}`,
      display_name: 'Rex',
      timestamps: '1,4',
      instruction_set: 'barks',
    });
    expect(made).toMatchObject({ status: 'ready', username, display_name: 'Rex', public: false, error: null });
    const picture = await httpCall({ url: made.profile_url ?? '' });
    expect([picture.status, picture.headers['content-type']]).toEqual([200, 'image/png']);
    const shown = await call(`/${made.id}/public`, { method: 'POST', body: {} });
    expect(shown.json()).toMatchObject({ id: made.id, public: true });
    const { data } = (await call(`/search?username=${username}`)).json() as { data: object[] };
    expect(data).toMatchObject([{ username, character_id: made.character_id, display_name: 'Rex' }]);
    const hidden = await call(`/${made.id}`, { method: 'PATCH', body: { visibility: 'private' } });
    expect(hidden.json()).toMatchObject({ public: false });
    // Its own account still tells of it, where that is the one that is asked, but not to everybody.
    const stranger = { authorization: `Bearer ${(await sluice.admin.createKey(unique('stranger'))).key}` };
    const foundBy = async (headers: Record<string, string>) =>
      ((await call(`/search?username=${username}`, { headers })).json() as { data: object[] }).data.length;
    expect(await foundBy({})).toBeLessThanOrEqual(1);
    expect(await foundBy(stranger)).toBe(0);
    const list = (await call('?limit=100')).json() as { data: { id: string }[] };
    expect(list.data.map(({ id }) => id)).toContain(made.id);
    expect((await call(`/${made.id}`, { method: 'DELETE' })).json()).toMatchObject({ id: made.id, deleted: true });
    expect((await call(`/${made.id}`)).status).toBe(404);
    expect((await call(`/search?username=${username}`)).json()).toMatchObject({ data: [] });
  });

  it('is found in a video made here, and appears in one of its account', async () => {
    const prompt = `${unique('cat')} ${QUICK}`;
    const video = await sdk.videos.create({ model: OWN_FILM as never, prompt });
    await untilEnded(sdk, video.id);
    const made = await make({ video_url: undefined, video_id: video.id });
    expect(made).toMatchObject({ status: 'ready' });
    const word = unique('appears');
    const body = {
      model: OWN_VIDEO,
      prompt: `@${made.username ?? ''} ${word} ${QUICK}`,
      seconds: '10',
      characters: [{ id: made.id }],
    };
    const { id } = await sdk.post<{ id: string }>('/videos', { body });
    // While a video is made with it, it stays.
    expect((await call(`/${made.id}`, { method: 'DELETE' })).status).toBe(409);
    expect(await untilEnded(sdk, id)).toMatchObject({ status: 'completed' });
    const { tasks } = await readSoraTasks(simulator, word);
    expect(tasks).toMatchObject([{ request: { cameo_ids: [made.character_id] } }]);
  });

  it('that fails says why', async () => {
    expect(await make({ video_url: dataUrl(film('videoMs=0,moderated')) })).toMatchObject({
      status: 'failed',
      error: { code: 'content_refused', message: 'This film violates our policies.' },
    });
  });

  it('is made once for a key, and is nobody else’s', async () => {
    const body = { model: OWN, video_url: dataUrl() };
    const headers = { 'idempotency-key': unique('key') };
    const [first, again] = [await call('', { body, headers }), await call('', { body, headers })];
    const { id } = characterSchema.parse(first.json());
    expect(again.json()).toMatchObject({ id });
    expect(again.headers['idempotent-replayed']).toBe('true');
    const other = await sluice.admin.createKey(unique('other'));
    const strangers = { authorization: `Bearer ${other.key}` };
    for (const method of ['GET', 'DELETE'])
      expect((await call(`/${id}`, { method, headers: strangers })).status).toBe(404);
    await ended(id);
    const video = { model: OWN_VIDEO, prompt: 'x', characters: [id] };
    const refused = await sluice.call('/v1/videos', { body: video, headers: strangers });
    expect([refused.status, refused.json()]).toMatchObject([404, { error: { param: 'characters[0]' } }]);
  });

  it('that is taken away while it is made leaves nothing in the account', async () => {
    const body = { model: OWN, video_url: dataUrl(film('stuckAt=1')), display_name: unique('stuck') };
    const { id } = characterSchema.parse((await call('', { body })).json());
    await eventually('it is begun', async () => {
      const { json } = await sluice.call(`/v1/generations/${id.replace('char_', 'gen_')}`);
      return (json() as { attempts: number; upstream: string | null }).upstream !== null;
    });
    expect((await call(`/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect(await ended(id)).toMatchObject({
      status: 'failed',
      error: { code: 'cancelled', message: 'Cancelled here and at the upstream.' },
    });
  });
});

describe.concurrent('what is wrong is told by its field', () => {
  it.each([
    [{}, 'video_url'],
    [{ video_url: 'ftp://x' }, 'video_url'],
    [{ video_url: `data:video/mp4;base64,${Buffer.from('no film').toString('base64')}` }, 'video_url'],
    [{ video_url: 'https://a.test/b.mp4', video_id: 'video_1' }, 'video_id'],
    [{ video_id: `video_${'0'.repeat(32)}` }, 'video_id'],
    [{ video_url: dataUrl(), timestamps: [3, 1] }, 'timestamps'],
    [{ video_url: dataUrl(), username: 'no spaces' }, 'username'],
  ])('%j: %s', async (body, param) => {
    const { status, error } = await call('', { body: { model: OWN, ...body } });
    expect([status >= 400 && status < 500, error?.param]).toEqual([true, param]);
  });
});

it('OpenAI’s own shape is made over a vendor of it, and appears there', async () => {
  const form = new FormData();
  form.set('name', 'Rex');
  form.set('model', OWN_FILM);
  form.set('video', await toFile(film(), 'rex.mp4', { type: 'video/mp4' }));
  const answer = await fetch(`${gateway}/v1/videos/characters`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
    body: form,
  });
  const made = (await answer.json()) as { id: string };
  expect([answer.status, made]).toMatchObject([
    200,
    { id: expect.stringMatching(/^char_/), name: 'Rex', created_at: expect.any(Number) },
  ]);
  expect((await sluice.call(`/v1/videos/characters/${made.id}`)).json()).toEqual(made);
  const { id } = await sdk.post<{ id: string }>('/videos', {
    body: { model: OWN_FILM, prompt: `Rex runs ${QUICK}`, characters: [{ id: made.id }] },
  });
  expect(await untilEnded(sdk, id)).toMatchObject({ status: 'completed' });
});

it('a conversation with avatar-create ends with its card', async () => {
  const content = [{ type: 'video_url', video_url: { url: dataUrl() } }];
  const fields = { character_options: { display_name: 'Rex' } };
  const told = await playSoraClient({ gateway, apiKey, model: OWN_CHAT, content, fields });
  expect(told.error).toBeUndefined();
  expect(told.reasoning).toMatch(/^\*\*Character Creation Begins\*\*[^]*\*\*Character Creation Completed\*\*/);
  const [line = '', ...summary] = told.content.split('\n');
  expect(JSON.parse(line)).toMatchObject({
    event: 'character_card',
    card: { display_name: 'Rex', character_id: expect.stringMatching(/^char_sim/), source_model: OWN_CHAT },
  });
  expect(summary.join(' ')).toContain('Rex is made.');
  expect([told.finish?.toLowerCase(), told.isDone]).toEqual(['stop', true]);
  const nothing = await playSoraClient({ gateway, apiKey, model: OWN_CHAT, content: soraPrompt('no film') });
  expect(nothing).toMatchObject({ status: 400, error: { param: 'messages' } });
});
