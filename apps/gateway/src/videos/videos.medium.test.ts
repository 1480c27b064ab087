import { systemClock } from '@sluice/contracts/clock';
import type { MediaStore } from '@sluice/contracts/media-store';
import { MediaIntake } from '@sluice/domain-assets/media-intake';
import { createDurableGenerations } from '@sluice/domain-generations/create-durable-generations';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import { createUrlSigner } from '@sluice/platform-media/url-signer';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import type { Producer } from '@sluice/platform-queue/create-producer';
import type { Redis } from '@sluice/platform-redis/redis';
import { liveNames } from '@sluice/domain-generations/live-channel';
import fastify, { type FastifyInstance } from 'fastify';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DurablePipeline } from '../generations/durable-pipeline.service.js';
import { sendError } from '../http/send-error.js';
import { toErrorData } from '../http/to-error-data.js';
import { type MediaStand, openMediaStand } from '../media/__fixtures__/media-stand.js';
import { MediaLinks } from '../media/media-links.js';
import { MediaController } from '../media/media.controller.js';
import { registerMultipart } from '../media/register-multipart.js';
import { VideoReplies } from './video-replies.service.js';
import { VideosController } from './videos.controller.js';
import { type Video, VideosService } from './videos.service.js';

const clock = systemClock;
let stand: MediaStand;
let root: string;
let postgres: Postgres;
let store: MediaStore;
let server: FastifyInstance;

beforeAll(async () => {
  stand = await openMediaStand('durable_generation, durable_event, idempotency_key, ledger');
  ({ root, postgres, store } = stand);
  server = createServer();
});
afterAll(async () => {
  await server.close();
  await stand.close();
});
beforeEach(() => stand.empty());

/** The routes as the gateway has them; jobs go nowhere, and whoever calls is who the header says. */
function createServer(): FastifyInstance {
  const onError = () => undefined;
  const producer = { add: async () => undefined } as unknown as Producer;
  const redis = { publish: async () => 0 } as unknown as Redis;
  const names = liveNames('test');
  const { generations } = createDurableGenerations({
    postgres,
    producer,
    redis,
    subscriber: redis,
    names,
    clock,
    onError,
  });
  const resolver = {
    resolve: (model: string) => [{ upstream: 'sora', model: `real-${model}` }],
  } as unknown as RouteResolver;
  const fetchPublic = () => Promise.reject(new Error('nothing is fetched here'));
  const intake = new MediaIntake({ store, fetchPublic, clock, maximumBytes: 1024 * 1024 });
  const links = new MediaLinks({
    signer: createUrlSigner(Buffer.from('key')),
    clock,
    lifeMs: 60_000,
    publicUrl: undefined,
  });
  const pipeline = new DurablePipeline({ resolver, generations, clock });
  const claimRules = () => ({ allRetries: false });
  const files = { isName: () => false, open: async () => undefined };
  const removal = { remove: async ({ credentialId }: Video) => `failed (of ${credentialId ?? 'nobody'})` as const };
  const videos = new VideosController(
    new VideosService({ pipeline, generations, intake, files, store, resolver, removal, claimRules }),
    new VideoReplies({ generations, store, links }),
  );
  const media = new MediaController(links, store);
  const app = fastify();
  registerMultipart(app);
  app.decorateRequest('keyId', undefined);
  app.addHook('onRequest', (request, _reply, done) => {
    request.keyId = String(request.headers['x-key'] ?? 'key_1');
    done();
  });
  app.setErrorHandler((error, request, reply) => sendError(request, reply, toErrorData(error, request)));
  app.post('/v1/videos', (request, reply) => videos.create(request, reply));
  app.post('/v1/videos/generations', (request, reply) => videos.createRequest(request, reply));
  app.post('/v1/videos/edits', (request, reply) => videos.edit(request, reply));
  app.post<{ Params: { id: string } }>('/v1/videos/:id/remix', (request, reply) =>
    videos.remix(request.params.id, request, reply),
  );
  app.get('/v1/videos', (request) => videos.list(request.query, request));
  app.get<{ Params: { id: string } }>('/v1/videos/:id', (request, reply) =>
    videos.get(request.params.id, request, reply),
  );
  app.delete<{ Params: { id: string } }>('/v1/videos/:id', (request, reply) =>
    videos.remove(request.params.id, request, reply),
  );
  app.get<{ Params: { id: string }; Querystring: { variant?: string } }>('/v1/videos/:id/content', (request, reply) =>
    videos.content(request.params.id, request.query.variant, request, reply),
  );
  app.get<{ Params: { '*': string }; Querystring: Record<string, string> }>('/media/*', (request, reply) =>
    media.get(request.params['*'], request.query['expires'], request.query['signature'], request, reply),
  );
  return app;
}

interface Call {
  method?: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  body?: object;
  form?: FormData;
  headers?: Record<string, string>;
}

async function call(url: string, { method, body, form, headers = {} }: Call = {}) {
  const payload = form ? new Response(form) : undefined;
  const answer = await server.inject({
    method: method ?? (body || form ? 'POST' : 'GET'),
    url,
    headers: { ...headers, ...(payload && { 'content-type': payload.headers.get('content-type') ?? '' }) },
    ...(body && { payload: body }),
    ...(payload && { payload: Buffer.from(await payload.arrayBuffer()) }),
  });
  const isJson = String(answer.headers['content-type']).startsWith('application/json') && answer.body !== '';
  return {
    status: answer.statusCode,
    headers: answer.headers,
    bytes: answer.rawPayload,
    json: (isJson ? answer.json() : {}) as { id?: string; request_id?: string; error?: object },
  };
}

async function create(body: object = {}, headers = {}): Promise<string> {
  const { status, json } = await call('/v1/videos', { body: { prompt: 'a cat', model: 'm', ...body }, headers });
  expect(status).toBe(200);
  return json.id ?? '';
}

const FILM = Buffer.from('0123456789');

/** What a worker does at the end. */
async function finish(id: string): Promise<string> {
  const generationId = id.replace('video_', 'gen_');
  const key = `results/${generationId}.mp4`;
  const body = (async function* () {
    yield FILM;
  })();
  const { sha256, mediaType, bytes } = await store.put({ key, mediaType: 'video/mp4', body, maximumBytes: 100 });
  const files = [{ role: 'result', sha256, media: { key, mediaType, bytes } }];
  await postgres.query({
    text: `UPDATE durable_generation SET state = 'succeeded', progress = 100, files = $2, finished_at = now(),
      started_at = now(), upstream = 'sora', upstream_model = 'real-m', credential_id = 'cred_1',
      operation = '{"id":"up_1"}', operation_key = id, facts = '{"durationSeconds":5,"size":"64x36"}',
      expires_at = now() + interval '1 day' WHERE id = $1`,
    values: [generationId, JSON.stringify(files)],
  });
  return key;
}

async function stored(): Promise<string[]> {
  const entries = await readdir(join(root, 'objects'), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

const rows = async () => (await postgres.query({ text: 'SELECT 1 FROM durable_generation' })).rows.length;

function png(): Blob {
  const bytes = Buffer.alloc(64);
  Buffer.from('89504e470d0a1a0a0000000d494844520000000200000002', 'hex').copy(bytes);
  return new Blob([bytes], { type: 'image/png' });
}

function form(entries: Record<string, string | Blob>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(entries)) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, value, 'picture.png');
  }
  return data;
}

describe('a video', () => {
  it('is accepted from JSON and from a form, and told alike', async () => {
    const fields = { prompt: 'a cat', model: 'm', seconds: '8', size: '1280x720' };
    for (const options of [{ body: { ...fields, seconds: 8 } }, { form: form(fields) }]) {
      const { status, json, headers } = await call('/v1/videos', options);
      expect(status).toBe(200);
      expect(json).toMatchObject({ status: 'queued', progress: 0, seconds: '8', size: '1280x720', model: 'm' });
      expect(headers).toMatchObject({ location: `/v1/videos/${json.id ?? ''}`, 'retry-after': '5' });
      expect((await call(`/v1/videos/${json.id ?? ''}`)).json).toEqual(json);
    }
  });

  it('is not told twice to who has it as it is', async () => {
    const { json } = await call('/v1/videos', { method: 'POST', body: { model: 'm', prompt: 'a cat' } });
    const url = `/v1/videos/${json.id ?? ''}`;
    const { etag = '' } = (await call(url)).headers;
    expect((await call(url, { headers: { 'if-none-match': String(etag) } })).status).toBe(304);
    expect((await call(url, { headers: { 'if-none-match': '"0"' } })).status).toBe(200);
  });

  it('keeps its reference, and loses it when it is deleted', async () => {
    const data = form({ prompt: 'a cat', model: 'm', input_reference: png() });
    const { json } = await call('/v1/videos', { form: data });
    const { rows: found } = await postgres.query<{ input: string }>({ text: 'SELECT input FROM durable_generation' });
    expect(JSON.parse(found[0]?.input ?? '')).toMatchObject({
      request: { references: [{ role: 'first-frame', media: { mediaType: 'image/png', bytes: 64 } }] },
    });
    const id = json.id ?? '';
    expect((await call(`/v1/videos/${id}`, { method: 'DELETE' })).status).toBe(409);
    await finish(id);
    expect(await stored()).toHaveLength(2);
    const deleted = await call(`/v1/videos/${id}`, { method: 'DELETE' });
    expect(deleted).toMatchObject({ status: 200, headers: { 'x-sluice-upstream-removal': 'failed (of cred_1)' } });
    expect(deleted.json).toEqual({ id, object: 'video.deleted', deleted: true });
    expect(await stored()).toEqual([]);
    expect((await call(`/v1/videos/${id}`)).status).toBe(404);
    expect((await call(`/v1/videos/${id}`, { method: 'DELETE' })).status).toBe(404);
  });

  it.each<[string, Call, number, string]>([
    ['seconds that are too many', { body: { prompt: 'a', seconds: '61' } }, 400, 'seconds'],
    ['no prompt', { body: {} }, 400, 'prompt'],
    ['a reference that is no URL', { body: { prompt: 'a', input_reference: 'x' } }, 400, 'input_reference'],
    ['a file nobody knows', { body: { prompt: 'a', image: { file_id: 'file_1' } } }, 404, 'image'],
    ['a data URL of text', { body: { prompt: 'a', image: 'data:image/png;base64,aGVsbG8=' } }, 400, 'image'],
    ['a file in the wrong field', { form: form({ prompt: png() }) }, 400, 'prompt'],
    ['a good file beside a bad field', { form: form({ input_reference: png(), prompt: 'a', size: 'x' }) }, 400, 'size'],
  ])('with %s is refused, and nothing is kept', async (_name, options, status, param) => {
    const answer = await call('/v1/videos', options);
    expect(answer).toMatchObject({ status, json: { error: { param } } });
    expect([await stored(), await rows()]).toEqual([[], 0]);
  });

  it('is made once for one Idempotency-Key, files and all', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const send = (prompt: string) =>
      call('/v1/videos', { form: form({ prompt, model: 'm', input_reference: png() }), headers });
    const first = await send('a cat');
    const again = await send('a cat');
    expect(again.json).toEqual(first.json);
    expect([first.headers['idempotent-replayed'], again.headers['idempotent-replayed']]).toEqual([undefined, 'true']);
    expect((await send('a dog')).status).toBe(422);
    expect([(await stored()).length, await rows()]).toEqual([1, 1]);
  });
});

describe("another's video", () => {
  it('is as unknown as none, whatever is asked of it', async () => {
    const id = await create();
    await finish(id);
    const headers = { 'x-key': 'key_2' };
    expect((await call('/v1/videos', { headers })).json).toMatchObject({ data: [] });
    const calls: [string, Call][] = [
      [`/v1/videos/${id}`, {}],
      [`/v1/videos/${id}`, { method: 'DELETE' }],
      [`/v1/videos/${id}/content`, {}],
      [`/v1/videos/${id}/remix`, { body: { prompt: 'a' } }],
      ['/v1/videos/edits', { body: { prompt: 'a', video: { id } } }],
    ];
    for (const [url, options] of calls) expect((await call(url, { ...options, headers })).status).toBe(404);
    expect((await call(`/v1/videos/${id}`)).status).toBe(200);
  });
});

describe('a list', () => {
  it('is the newest first, page by page', async () => {
    const ids: string[] = [];
    for (const prompt of ['1', '2', '3']) ids.push(await create({ prompt }));
    const listed = (await call('/v1/videos?limit=2')).json as unknown as { data: { id: string }[]; last_id: string };
    expect(listed).toMatchObject({ object: 'list', has_more: true, data: [{}, {}] });
    const rest = (await call(`/v1/videos?limit=2&after=${listed.last_id}`)).json as unknown as typeof listed;
    expect(rest).toMatchObject({ has_more: false });
    const seen = [...listed.data, ...rest.data].map(({ id }) => id);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    const oldest = (await call('/v1/videos?order=asc')).json as unknown as typeof listed;
    expect(oldest.data.map(({ id }) => id)).toEqual(seen.toReversed());
  });

  it.each(['limit=101', 'limit=x', 'order=up', 'after=nobody'])('%s is refused', async (query) => {
    const { status, json } = await call(`/v1/videos?${query}`);
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ param: query.split('=')[0] });
  });
});

describe('the content', () => {
  it('is there when the video is, whole and in parts', async () => {
    const id = await create();
    const url = `/v1/videos/${id}/content`;
    expect((await call(url)).status).toBe(409);
    await finish(id);
    const whole = await call(url);
    expect(whole).toMatchObject({ status: 200, bytes: FILM });
    expect(whole.headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '10',
      'accept-ranges': 'bytes',
      'content-disposition': `inline; filename="${id}.mp4"`,
    });
    const etag = String(whole.headers.etag);
    const part = await call(url, { headers: { range: 'bytes=2-4', 'if-range': etag } });
    expect(part).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 2-4/10', 'content-length': '3' } });
    expect(part.bytes.toString()).toBe('234');
    expect((await call(url, { headers: { range: 'bytes=2-4', 'if-range': '"other"' } })).status).toBe(200);
    expect((await call(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const beyond = await call(url, { headers: { range: 'bytes=10-' } });
    expect(beyond).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */10' } });
    const head = await call(url, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, headers: { 'content-length': '10', etag } });
    expect(head.bytes).toHaveLength(0);
  });

  it('says why there is none', async () => {
    const id = await create();
    const key = await finish(id);
    expect((await call(`/v1/videos/${id}/content?variant=thumbnail`)).status).toBe(404);
    expect((await call(`/v1/videos/${id}/content?variant=x`)).json.error).toMatchObject({ param: 'variant' });
    await store.delete(key);
    expect((await call(`/v1/videos/${id}/content`)).json.error).toMatchObject({ code: 'expired' });
  });
});

describe('what starts from a video', () => {
  it('goes to the account that made it, in every spelling', async () => {
    const id = await create();
    await finish(id);
    const calls: [string, object][] = [
      [`/v1/videos/${id}/remix`, { prompt: 'as a dog' }],
      ['/v1/videos/edits', { prompt: 'as a dog', video: { id } }],
      ['/v1/videos', { prompt: 'as a dog', remix_target_id: id }],
    ];
    for (const [url, body] of calls) {
      const { status, json } = await call(url, { body });
      expect(status).toBe(200);
      expect(json).toMatchObject({ remixed_from_video_id: id, model: 'm' });
    }
    const { rows: made } = await postgres.query({
      text: `SELECT pinned_credential_id AS pinned, targets FROM durable_generation WHERE state = 'queued'`,
    });
    const expected = { pinned: 'cred_1', targets: JSON.stringify([{ upstream: 'sora', model: 'real-m' }]) };
    expect(made).toEqual([expected, expected, expected]);
  });

  it('needs it finished, and its own model', async () => {
    const id = await create();
    const remix = (body: object) => call(`/v1/videos/${id}/remix`, { body: { prompt: 'a', ...body } });
    expect((await remix({})).status).toBe(409);
    await finish(id);
    expect(await remix({ model: 'other' })).toMatchObject({ status: 400, json: { error: { param: 'model' } } });
    expect(await remix({ prompt: '' })).toMatchObject({ status: 400, json: { error: { param: 'prompt' } } });
  });
});

describe("in xAI's spelling", () => {
  it('a video is polled for by its request, and linked to without a key', async () => {
    const { json } = await call('/v1/videos/generations', { body: { prompt: 'a', model: 'm', duration: 5 } });
    const requestId = String(json.request_id);
    expect((await call(`/v1/videos/${requestId}`)).json).toEqual({ status: 'pending', progress: 0, model: 'm' });
    await finish(`video_${requestId.replaceAll('-', '')}`);
    const done = (await call(`/v1/videos/${requestId}`)).json as unknown as { video: { url: string } };
    expect(done).toMatchObject({ status: 'done', video: { duration: 5, respect_moderation: true } });
    const { pathname, search } = new URL(done.video.url);
    expect((await call(pathname + search)).bytes).toEqual(FILM);
    expect((await call(pathname + search, { headers: { range: 'bytes=0-1' } })).bytes.toString()).toBe('01');
    for (const bad of ['', '?expires=9999999999&signature=x', search.replace(/expires=\d/, 'expires=9')])
      expect((await call(pathname + bad)).status).toBe(403);
    const other = `/media/uploads/x${search}`;
    expect((await call(other)).status).toBe(403);
  });
});
