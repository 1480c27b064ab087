import { systemClock } from '@sluice/contracts/clock';
import type { MediaStore } from '@sluice/contracts/media-store';
import { MediaIntake } from '@sluice/domain-assets/media-intake';
import { FileStore } from '@sluice/domain-files/file-store';
import { createUrlSigner } from '@sluice/platform-media/url-signer';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendError } from '../http/send-error.js';
import { toErrorData } from '../http/to-error-data.js';
import { type MediaStand, openMediaStand } from '../media/__fixtures__/media-stand.js';
import { MediaLinks } from '../media/media-links.js';
import { GeminiFilesController } from './gemini-files.controller.js';
import { GeneratedFiles } from './generated-files.service.js';
import { GoogleFiles } from './google-files.service.js';
import { GoogleUploads } from './google-uploads.service.js';
import { registerUploads } from './register-uploads.js';
import { UploadParts } from './upload-parts.js';
import { UploadTickets } from './upload-tickets.js';

const HOUR_MS = 60 * 60_000;
let nowMs = Date.now();
const clock = { ...systemClock, now: () => nowMs };
let stand: MediaStand;
let postgres: Postgres;
let store: MediaStore;
let server: FastifyInstance;

beforeAll(async () => {
  stand = await openMediaStand('client_file');
  ({ postgres, store } = stand);
  server = createServer();
});
afterAll(async () => {
  await server.close();
  await stand.close();
});
beforeEach(() => stand.empty());

function createServer(): FastifyInstance {
  const fetchPublic = () => Promise.reject(new Error('nothing is fetched here'));
  const intake = new MediaIntake({ store, fetchPublic, clock, maximumBytes: 1024 * 1024 });
  const signer = createUrlSigner(Buffer.from('key'));
  const links = new MediaLinks({ signer, clock, lifeMs: 60_000, publicUrl: 'http://sluice.test' });
  const kept = new FileStore({ postgres, media: store, clock, maximumBytes: 1024 * 1024 });
  const files = new GoogleFiles({ files: kept, intake, store, links });
  const tickets = new UploadTickets({ signer, clock });
  const none = { find: async () => undefined } as unknown as GeneratedFiles;
  const controller = new GeminiFilesController(files, none);
  const app = fastify();
  app.decorateRequest('keyId', undefined);
  app.addHook('onRequest', (request, _reply, done) => {
    if (!request.url.startsWith('/upload/resumable')) request.keyId = String(request.headers['x-key'] ?? 'key_1');
    done();
  });
  app.setErrorHandler((error, request, reply) => sendError(request, reply, toErrorData(error, request)));
  registerUploads(app, new GoogleUploads({ files, parts: new UploadParts(store), tickets, links }));
  app.get('/v1beta/files', (request) => controller.list(request));
  app.get('/v1beta/files/*', (request, reply) => controller.get(request, reply));
  app.delete('/v1beta/files/*', (request) => controller.remove(request));
  return app;
}

interface Call {
  method?: 'GET' | 'POST' | 'DELETE';
  body?: string;
  headers?: Record<string, string>;
}

async function call(url: string, { method = 'GET', body, headers = {} }: Call = {}) {
  const path = url.replace('http://sluice.test', '');
  const response = await server.inject({ method, url: path, headers, ...(body !== undefined && { payload: body }) });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
}

async function begin(more: Record<string, string> = {}): Promise<string> {
  const { status, headers } = await call('/upload/v1beta/files', {
    method: 'POST',
    body: '{"file":{"display_name":"notes.txt"}}',
    headers: {
      'content-type': 'application/json',
      'x-goog-upload-protocol': 'resumable',
      'x-goog-upload-command': 'start',
      'x-goog-upload-header-content-type': 'text/plain',
      ...more,
    },
  });
  expect(status).toBe(200);
  return String(headers['x-goog-upload-url']);
}

/** As the SDK does it, whose pieces are called JSON. */
const send = (url: string, command: string, offset: number, body = '') =>
  call(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-goog-upload-command': command,
      'x-goog-upload-offset': String(offset),
    },
  });

async function uploaded(text = 'hello there'): Promise<{ name: string; uri: string }> {
  return (await send(await begin(), 'upload, finalize', 0, text)).body.file;
}

describe('an upload', () => {
  it('comes in pieces, some of them twice, and is one file at the end', async () => {
    const url = await begin({ 'x-goog-upload-header-content-length': '11' });
    expect((await send(url, 'upload', 0, 'hello')).headers['x-goog-upload-status']).toBe('active');
    await send(url, 'upload', 0, 'hello');
    expect((await send(url, 'query', 0)).headers['x-goog-upload-size-received']).toBe('5');
    const { headers, body } = await send(url, 'upload, finalize', 5, ' there');
    expect(headers['x-goog-upload-status']).toBe('final');
    expect(body.file).toMatchObject({
      name: expect.stringMatching(/^files\/[0-9a-f]{32}$/),
      displayName: 'notes.txt',
      mimeType: 'text/plain',
      sizeBytes: '11',
      state: 'ACTIVE',
      source: 'UPLOADED',
      uri: `http://sluice.test/v1beta/${body.file.name}`,
    });
    const keys: string[] = [];
    for await (const { key } of store.list('')) keys.push(key);
    expect(keys).toEqual([expect.stringMatching(/^files\//)]);
  });

  it('has no gaps, keeps to its length, and ends with what has come', async () => {
    const url = await begin({ 'x-goog-upload-header-content-length': '11' });
    expect((await send(url, 'upload', 3, 'lo')).status).toBe(400);
    expect((await send(url, 'upload, finalize', 0, 'hello')).body.error.message).toContain('5 bytes have come');
    expect((await send(url, 'cancel', 0)).headers['x-goog-upload-status']).toBe('cancelled');
    expect((await send(url, 'query', 0)).headers['x-goog-upload-size-received']).toBe('0');
  });

  it('that ends twice, or twice at once, is one file', async () => {
    const url = await begin();
    const ends = await Promise.all([
      send(url, 'upload, finalize', 0, 'hello'),
      send(url, 'upload, finalize', 0, 'hello'),
    ]);
    ends.push(await send(url, 'upload, finalize', 0, 'hello'), await send(url, 'query', 0));
    expect(ends.map(({ status, headers }) => [status, headers['x-goog-upload-status']])).toEqual(
      ends.map(() => [200, 'final']),
    );
    expect(new Set(ends.map(({ body }) => body.file.name)).size).toBe(1);
    const keys: string[] = [];
    for await (const { key } of store.list('')) keys.push(key);
    expect(keys).toEqual([expect.stringMatching(/^files\//)]);
    await call(`/v1beta/${ends[0]?.body.file.name}`, { method: 'DELETE' });
    expect((await send(url, 'finalize', 0)).status).toBe(400);
  });

  it('is nobody’s who does not have its address, and ends within a day', async () => {
    const url = await begin();
    expect((await send(url.replace(/.$/, '~'), 'query', 0)).status).toBe(404);
    nowMs += 25 * HOUR_MS;
    expect((await send(url, 'query', 0)).status).toBe(404);
  });

  it('may come whole', async () => {
    const headers = { 'x-goog-upload-protocol': 'raw', 'content-type': 'text/markdown' };
    const { body } = await call('/upload/v1beta/files', { method: 'POST', body: '# a', headers });
    expect(body.file).toMatchObject({ sizeBytes: '3', mimeType: expect.stringContaining('text/') });
    const other = { ...headers, 'x-goog-upload-protocol': 'multipart' };
    expect((await call('/upload/v1beta/files', { method: 'POST', body: 'x', headers: other })).status).toBe(400);
  });

  it('is given no name that its sender chose', async () => {
    const body = '{"file":{"name":"files/mine"}}';
    expect((await call('/upload/v1beta/files', { method: 'POST', body })).body.error.message).toContain('file.name');
  });
});

describe('a file', () => {
  it('is its owner’s alone', async () => {
    const { name } = await uploaded();
    const headers = { 'x-key': 'key_2' };
    expect((await call(`/v1beta/${name}`)).body).toMatchObject({ name, sha256Hash: expect.any(String) });
    expect((await call(`/v1beta/${name}`, { headers })).status).toBe(404);
    expect((await call(`/v1beta/${name}`, { method: 'DELETE', headers })).status).toBe(404);
    expect((await call('/v1beta/files', { headers })).body).toEqual({ files: [] });
    expect(await call(`/v1beta/${name}`, { method: 'DELETE' })).toMatchObject({ status: 200, body: {} });
    expect((await call(`/v1beta/${name}`)).status).toBe(404);
  });

  it('is listed page by page, for two days', async () => {
    const names: string[] = [];
    for (const text of ['a', 'b', 'c']) {
      nowMs += 1;
      names.unshift((await uploaded(text)).name);
    }
    const first = (await call('/v1beta/files?pageSize=2')).body;
    const second = (await call(`/v1beta/files?pageSize=2&pageToken=${first.nextPageToken}`)).body;
    const listed = [...first.files, ...second.files].map(({ name }: { name: string }) => name);
    expect([listed, second.nextPageToken]).toEqual([names, undefined]);
    nowMs += 48 * HOUR_MS + 1;
    expect((await call('/v1beta/files')).body).toEqual({ files: [] });
  });
});
