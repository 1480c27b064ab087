import { systemClock } from '@sluice/contracts/clock';
import type { MediaStore } from '@sluice/contracts/media-store';
import { MediaIntake } from '@sluice/domain-assets/media-intake';
import { FileStore } from '@sluice/domain-files/file-store';
import { createUrlSigner } from '@sluice/platform-media/url-signer';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import fastify, { type FastifyInstance } from 'fastify';
import { readdir, rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendError } from '../http/send-error.js';
import { toErrorData } from '../http/to-error-data.js';
import { type MediaStand, openMediaStand } from '../media/__fixtures__/media-stand.js';
import { MediaLinks } from '../media/media-links.js';
import { MediaController } from '../media/media.controller.js';
import { registerMultipart } from '../media/register-multipart.js';
import { FilesController } from './files.controller.js';
import { FilesService } from './files.service.js';
import { ParkingController } from './parking.controller.js';

const DAY_MS = 24 * 60 * 60_000;
let stand: MediaStand;
let root: string;
let postgres: Postgres;
let store: MediaStore;
let server: FastifyInstance;

beforeAll(async () => {
  stand = await openMediaStand('client_file');
  ({ root, postgres, store } = stand);
  server = createServer();
});
afterAll(async () => {
  await server.close();
  await stand.close();
});
beforeEach(() => stand.empty());

/** The routes as the gateway has them; whoever calls is who the header says. */
function createServer(): FastifyInstance {
  const clock = systemClock;
  const fetchPublic = () => Promise.reject(new Error('nothing is fetched here'));
  const intake = new MediaIntake({ store, fetchPublic, clock, maximumBytes: 1024 * 1024 });
  const signer = createUrlSigner(Buffer.from('key'));
  const links = new MediaLinks({ signer, clock, lifeMs: DAY_MS, publicUrl: undefined });
  const service = new FilesService({
    files: new FileStore({ postgres, media: store, clock, maximumBytes: 1024 * 1024 }),
    intake,
    store,
  });
  const files = new FilesController(service, store);
  const parking = new ParkingController(service, links, DAY_MS);
  const media = new MediaController(links, store);
  const app = fastify();
  registerMultipart(app);
  app.decorateRequest('keyId', undefined);
  app.addHook('onRequest', (request, _reply, done) => {
    request.keyId = String(request.headers['x-key'] ?? 'key_1');
    done();
  });
  app.setErrorHandler((error, request, reply) => sendError(request, reply, toErrorData(error, request)));
  app.post('/v1/files', (request) => files.create(request));
  app.get('/v1/files', (request) => files.list(request.query, request));
  type ById = { Params: { id: string } };
  app.get<ById>('/v1/files/:id', (request) => files.get(request.params.id, request));
  app.get<ById>('/v1/files/:id/content', (request, reply) => files.content(request.params.id, request, reply));
  app.delete<ById>('/v1/files/:id', (request) => files.remove(request.params.id, request));
  app.post('/v1/uploads/image', (request) => parking.park(request));
  app.get<{ Params: { '*': string }; Querystring: Record<string, string> }>('/media/*', (request, reply) =>
    media.get(request.params['*'], request.query['expires'], request.query['signature'], request, reply),
  );
  return app;
}

interface Answer {
  id: string;
  url: string;
  data: { id: string }[];
  error: object;
}

async function call(method: 'GET' | 'HEAD' | 'DELETE', url: string, headers: Record<string, string> = {}) {
  const answer = await server.inject({ method, url, headers });
  const isJson = String(answer.headers['content-type']).startsWith('application/json') && answer.body !== '';
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    json: (isJson ? answer.json() : {}) as Answer,
  };
}

async function send(form: FormData, { url = '/v1/files', key = 'key_1' } = {}) {
  const payload = new Response(form);
  const answer = await server.inject({
    method: 'POST',
    url,
    headers: { 'x-key': key, 'content-type': payload.headers.get('content-type') ?? '' },
    payload: Buffer.from(await payload.arrayBuffer()),
  });
  return { status: answer.statusCode, json: answer.json<Answer>() };
}

function formOf(fields: Record<string, string>, ...files: File[]): FormData {
  const form = new FormData();
  for (const file of files) form.append('file', file);
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

const lines = (name = 'lines.jsonl', text = '{"a":1}\n') => new File([text], name);

function png(width = 2): File {
  const bytes = Buffer.alloc(64);
  Buffer.from('89504e470d0a1a0a0000000d494844520000000200000002', 'hex').copy(bytes);
  bytes.writeUInt32BE(width, 16);
  return new File([bytes], 'picture.png', { type: 'image/png' });
}

async function leftovers(): Promise<number> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).length;
}

describe('/v1/files', () => {
  it('keeps a file under its name, and gives it back whole and in part', async () => {
    const sent = await send(formOf({ purpose: 'user_data' }, lines('größe 日本.jsonl')));
    expect(sent).toMatchObject({
      status: 200,
      json: { object: 'file', bytes: 8, filename: 'größe 日本.jsonl', purpose: 'user_data', status: 'processed' },
    });
    const { id } = sent.json;
    expect((await call('GET', `/v1/files/${id}`)).json).toEqual(sent.json);
    const whole = await call('GET', `/v1/files/${id}/content`);
    expect(whole).toMatchObject({ status: 200, text: '{"a":1}\n', headers: { 'x-content-type-options': 'nosniff' } });
    expect(whole.headers['content-type']).toBe('application/jsonl');
    const part = await call('GET', `/v1/files/${id}/content`, { range: 'bytes=1-3' });
    expect(part).toMatchObject({ status: 206, text: '"a"', headers: { 'content-range': 'bytes 1-3/8' } });
    expect((await call('HEAD', `/v1/files/${id}/content`)).headers['content-length']).toBe('8');
    expect((await call('DELETE', `/v1/files/${id}`)).json).toEqual({ id, object: 'file', deleted: true });
    expect((await call('GET', `/v1/files/${id}`)).status).toBe(404);
    expect(await leftovers()).toBe(0);
  });

  it('shows nobody another’s files', async () => {
    const { json } = await send(formOf({ purpose: 'batch' }, lines()), { key: 'key_2' });
    for (const path of [json.id, `${json.id}/content`])
      expect(await call('GET', `/v1/files/${path}`)).toMatchObject({ status: 404, json: { error: { param: 'id' } } });
    expect((await call('DELETE', `/v1/files/${json.id}`)).status).toBe(404);
    expect((await call('GET', '/v1/files')).json.data).toEqual([]);
    expect((await call('GET', '/v1/files', { 'x-key': 'key_2' })).json.data).toHaveLength(1);
  });

  it('lists in pages, by purpose', async () => {
    const ids: string[] = [];
    for (const purpose of ['batch', 'evals', 'batch']) ids.push((await send(formOf({ purpose }, lines()))).json.id);
    const first = await call('GET', '/v1/files?limit=2&order=asc');
    expect(first.json).toMatchObject({ object: 'list', has_more: true, last_id: ids[1] });
    const rest = await call('GET', `/v1/files?limit=2&order=asc&after=${ids[1]}`);
    expect(rest.json).toMatchObject({ has_more: false, data: [{ id: ids[2] }] });
    expect((await call('GET', '/v1/files?purpose=batch')).json.data.map(({ id }) => id)).toEqual([ids[2], ids[0]]);
  });

  it('expires when it was told to, and a batch’s by itself', async () => {
    const hour = { 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '3600' };
    const { json } = await send(formOf({ purpose: 'evals', ...hour }, lines()));
    const lifeOf = ({ created_at: from, expires_at: to }: Record<string, number>) => (to ?? NaN) - (from ?? NaN);
    expect(lifeOf(json as never)).toBe(3_600);
    expect(lifeOf((await send(formOf({ purpose: 'batch' }, lines()))).json as never)).toBe(30 * 86_400);
    expect((await send(formOf({ purpose: 'evals' }, lines()))).json).not.toHaveProperty('expires_at');
    await postgres.query({
      text: "UPDATE client_file SET expires_at = now() - interval '1 s' WHERE purpose = 'evals'",
    });
    expect((await call('GET', `/v1/files/${json.id}`)).status).toBe(404);
  });

  it('says that its content is gone where it was dropped for its size', async () => {
    const { json } = await send(formOf({ purpose: 'evals' }, lines()));
    await rm(root, { recursive: true });
    expect((await call('GET', `/v1/files/${json.id}/content`)).status).toBe(404);
  });

  it.each<[string, FormData, string, number]>([
    ['no purpose', formOf({}, lines()), 'purpose', 400],
    ['a purpose of ours', formOf({ purpose: 'batch_output' }, lines()), 'purpose', 400],
    ['no file', formOf({ purpose: 'batch' }), 'file', 400],
    ['two files', formOf({ purpose: 'batch' }, lines(), lines()), 'file', 400],
    ['an empty file', formOf({ purpose: 'batch' }, lines('a', '')), 'file', 400],
    ['a text to look at', formOf({ purpose: 'vision' }, lines()), 'file', 400],
    ['a bomb to look at', formOf({ purpose: 'vision' }, png(60_000)), 'file', 400],
    ['too much', formOf({ purpose: 'batch' }, lines('a', 'x'.repeat(1024 * 1024 + 1))), 'file', 413],
    ['more than one may have', formOf({ purpose: 'batch' }, lines('a', 'x'.repeat(1024 * 1024))), 'file', 429],
  ])('refuses %s by the name of the field, and keeps nothing of it', async (_name, form, param, status) => {
    if (status === 429) await send(formOf({ purpose: 'batch' }, lines()));
    const before = await leftovers();
    expect(await send(form)).toMatchObject({ status, json: { error: { param } } });
    expect(await leftovers()).toBe(before);
  });

  it('takes forms only', async () => {
    const answer = await server.inject({ method: 'POST', url: '/v1/files', payload: { purpose: 'batch' } });
    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toMatchObject({ error: { param: 'file' } });
  });
});

describe('a parked picture', () => {
  it('is seen by whoever has its link, and is a file of the one who sent it', async () => {
    const { status, json } = await send(formOf({}, png()), { url: '/v1/uploads/image' });
    expect(status).toBe(200);
    expect(json).toMatchObject({ name: expect.stringMatching(/\.png$/), size_bytes: 64 });
    const { pathname, search } = new URL(json.url);
    const seen = await call('GET', pathname + search, { 'x-key': 'key_2' });
    expect(seen).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } });
    expect((await call('GET', '/v1/files')).json.data).toMatchObject([{ purpose: 'vision', bytes: 64 }]);
    expect((await send(formOf({}, lines()), { url: '/v1/uploads/image' })).status).toBe(400);
  });
});
