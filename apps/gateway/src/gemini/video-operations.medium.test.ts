import { systemClock } from '@sluice/contracts/clock';
import type { MediaStore } from '@sluice/contracts/media-store';
import { MediaIntake } from '@sluice/domain-assets/media-intake';
import { createDurableGenerations } from '@sluice/domain-generations/create-durable-generations';
import { liveNames } from '@sluice/domain-generations/live-channel';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import { createUrlSigner } from '@sluice/platform-media/url-signer';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import type { Producer } from '@sluice/platform-queue/create-producer';
import type { Redis } from '@sluice/platform-redis/redis';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AnswerService } from '../generations/answer.service.js';
import { DurablePipeline } from '../generations/durable-pipeline.service.js';
import { sendError } from '../http/send-error.js';
import { toErrorData } from '../http/to-error-data.js';
import { type MediaStand, openMediaStand } from '../media/__fixtures__/media-stand.js';
import { MediaLinks } from '../media/media-links.js';
import { GeminiFilesController } from './gemini-files.controller.js';
import { GeminiController } from './gemini.controller.js';
import { GeneratedFiles } from './generated-files.service.js';
import type { GoogleFiles } from './google-files.service.js';
import { GeminiOperationsController } from './operations.controller.js';
import { VideoOperations } from './video-operations.service.js';

const clock = systemClock;
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
let stand: MediaStand;
let postgres: Postgres;
let store: MediaStore;
let server: FastifyInstance;

beforeAll(async () => {
  stand = await openMediaStand('durable_generation, durable_event, idempotency_key, ledger');
  ({ postgres, store } = stand);
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
  const stores = { postgres, producer, redis, subscriber: redis, names: liveNames('test') };
  const { generations } = createDurableGenerations({ ...stores, clock, onError });
  const resolver = {
    resolve: (model: string) => [{ upstream: 'gemini', model: `real-${model}` }],
    list: () => [],
  } as unknown as RouteResolver;
  const fetchPublic = () => Promise.reject(new Error('nothing is fetched here'));
  const intake = new MediaIntake({ store, fetchPublic, clock, maximumBytes: 1024 * 1024 });
  const signer = createUrlSigner(Buffer.from('key'));
  const links = new MediaLinks({ signer, clock, lifeMs: 60_000, publicUrl: 'http://sluice.test/' });
  const pipeline = new DurablePipeline({ resolver, generations, clock });
  const files = { isName: () => false, open: async () => undefined };
  const claimRules = () => ({ allRetries: false });
  const operations = new VideoOperations({ pipeline, generations, intake, files, links, claimRules });
  const models = new GeminiController({} as AnswerService, resolver, operations);
  const named = new GeminiOperationsController(operations);
  const filed = new GeminiFilesController(
    { find: async () => undefined } as unknown as GoogleFiles,
    new GeneratedFiles({ generations, store, links }),
  );
  const app = fastify();
  app.decorateRequest('keyId', undefined);
  app.addHook('onRequest', (request, _reply, done) => {
    request.keyId = String(request.headers['x-key'] ?? 'key_1');
    done();
  });
  app.setErrorHandler((error, request, reply) => sendError(request, reply, toErrorData(error, request)));
  app.post('/v1beta/models/*', (request, reply) => models.callModel(request, reply));
  app.get('/v1beta/models/*', (request) => models.getModel(request));
  app.get('/v1beta/operations/*', (request) => named.find(request));
  app.post('/v1beta/operations/*', (request) => named.cancel(request));
  app.get('/v1beta/files/*', (request, reply) => filed.get(request, reply));
  return app;
}

async function call(url: string, { body, headers = {} }: { body?: object; headers?: Record<string, string> } = {}) {
  const method = body === undefined ? 'GET' : 'POST';
  const response = await server.inject({ method, url, headers, ...(body && { payload: body }) });
  const isJson = String(response.headers['content-type']).startsWith('application/json');
  return {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    body: isJson ? response.json() : {},
  };
}

const predict = (body: object, headers?: Record<string, string>) =>
  call('/v1beta/models/veo:predictLongRunning', { body, ...(headers && { headers }) });
const asked = (instance: object = {}, parameters: object = {}) => ({
  instances: [{ prompt: 'a cat', ...instance }],
  parameters,
});

async function made(): Promise<{ name: string; id: string }> {
  const { status, body } = await predict(asked());
  expect(status).toBe(200);
  return { name: body.name, id: body.name.split('/').at(-1) };
}

/** What a worker writes at the end. */
async function end(id: string, change: { state: string; error?: object; film?: string }): Promise<void> {
  const { state, error, film } = change;
  const info =
    film &&
    (await store.put({ key: `results/${id}.mp4`, mediaType: 'video/mp4', body: bytes(film), maximumBytes: 99 }));
  const files = info
    ? [{ role: 'result', media: { key: info.key, mediaType: 'video/mp4', bytes: info.bytes }, sha256: info.sha256 }]
    : [];
  await postgres.query({
    text: `UPDATE durable_generation SET state = $2, error = $3, files = $4, credential_id = 'c1', upstream = 'gemini', upstream_model = 'real-veo',
      operation = '{"id":"models/veo/operations/x","file":{"uri":"https://google.test/v1beta/files/f:download","expiresAtMs":9e15}}', finished_at = now() WHERE id = $1`,
    values: [id, state, error ? JSON.stringify(error) : null, JSON.stringify(files)],
  });
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function rowOf(id: string): Promise<{ request: object; targets: object; pinned: string | null } | undefined> {
  const { rows } = await postgres.query<{ input: string; targets: string; pinned: string | null }>({
    text: 'SELECT input, targets, pinned_credential_id AS pinned FROM durable_generation WHERE id = $1',
    values: [id],
  });
  const [row] = rows;
  return row && { request: JSON.parse(row.input).request, targets: JSON.parse(row.targets), pinned: row.pinned };
}

describe('predictLongRunning', () => {
  it('commits what was asked, pictures as files of ours', async () => {
    const image = { bytesBase64Encoded: PIXEL, mimeType: 'image/png' };
    const instance = { image, referenceImages: [{ image, reference_type: 'asset' }] };
    const { status, body } = await predict(
      asked(instance, { durationSeconds: '8', resolution: '720p', negative_prompt: 'x' }),
    );
    expect([status, body]).toEqual([
      200,
      { name: expect.stringMatching(/^models\/veo\/operations\/gen_[0-9a-f]{32}$/) },
    ]);
    const row = await rowOf(body.name.split('/').at(-1));
    expect(row?.request).toMatchObject({
      model: 'veo',
      prompt: 'a cat',
      durationSeconds: 8,
      resolution: '720p',
      providerOptions: { gemini: { negativePrompt: 'x' } },
      references: [
        { role: 'first-frame', media: { mediaType: 'image/png' } },
        { role: 'reference', media: { mediaType: 'image/png' } },
      ],
    });
  });

  it('is the same video for the same key and body, and refused for another body', async () => {
    const headers = { 'idempotency-key': 'once' };
    const image = { bytesBase64Encoded: PIXEL, mimeType: 'image/png' };
    const first = await predict(asked({ image }), headers);
    const again = await predict(asked({ image }), headers);
    expect([again.body, again.headers['idempotent-replayed']]).toEqual([first.body, 'true']);
    expect((await predict(asked({ prompt: 'a dog' }), headers)).status).toBe(422);
    // The second copy is gone again.
    const kept: string[] = [];
    for await (const { key } of store.list('uploads/')) kept.push(key);
    expect(kept).toHaveLength(1);
  });

  it.each<[object, string]>([
    [{ instances: [] }, 'instances'],
    [asked({ prompt: '' }), 'instances[0].prompt'],
    [asked({ encodedVideo: 'x' }), 'encodedVideo'],
    [asked({ video: { uri: 'https://google.test/v1beta/files/abc' } }), 'instances[0].video.uri'],
    [asked({}, { sampleCount: 2 }), 'parameters.sampleCount'],
    [asked({}, { durationSeconds: 'long' }), 'parameters.durationSeconds'],
    [asked({ image: { bytesBase64Encoded: 'AAAA', mimeType: 'image/png' } }), 'instances[0].image'],
    [{ ...asked(), webhookConfig: { uris: ['https://a.test'] } }, 'webhookConfig'],
  ])('%j is refused, and %s named', async (body, field) => {
    const { status, text } = await predict(body);
    expect([status, text]).toEqual([400, expect.stringContaining(field)]);
  });

  it('extends a video of the caller’s, at the account that made it', async () => {
    const { id } = await made();
    await end(id, { state: 'succeeded', film: 'film' });
    const uri = `http://sluice.test/v1beta/files/${id.slice(4)}:download?alt=media`;
    const extension = asked({ video: { uri, encoding: 'video/mp4' } }, { durationSeconds: 8 });
    const { body } = await predict(extension);
    const row = await rowOf(body.name.split('/').at(-1));
    expect(row).toMatchObject({
      pinned: 'c1',
      targets: [{ upstream: 'gemini', model: 'real-veo' }],
      request: {
        source: { relation: 'extension', generationId: id },
        providerOptions: { gemini: { durationSeconds: 8 } },
      },
    });
    expect((await predict(extension, { 'x-key': 'key_2' })).status).toBe(404);
  });
});

describe('an operation', () => {
  it('is its name until it has ended, then leads to a file that the caller fetches with its key', async () => {
    const { name, id } = await made();
    expect((await call(`/v1beta/${name}`)).body).toEqual({ name });
    await end(id, { state: 'succeeded', film: 'the film' });
    const uri = `http://sluice.test/v1beta/files/${id.slice(4)}:download?alt=media`;
    const { body } = await call(`/v1beta/operations/${id}`);
    expect(body).toMatchObject({
      name,
      done: true,
      response: { generateVideoResponse: { generatedSamples: [{ video: { uri } }] } },
    });
    const path = uri.slice('http://sluice.test'.length);
    expect(await call(path)).toMatchObject({ status: 200, text: 'the film' });
    // As the SDK spells an address that is not of https.
    expect(await call(`/v1beta/files/${uri}:download&alt=media`)).toMatchObject({ status: 200, text: 'the film' });
    expect((await call(path.replace(/:.*/, ''))).body).toMatchObject({ state: 'ACTIVE', sizeBytes: '8' });
    for (const hidden of [path, `/v1beta/${name}`, path.replace(/:.*/, '')])
      expect((await call(hidden, { headers: { 'x-key': 'key_2' } })).status).toBe(404);
  });

  it('tells a refused content as Google does, and other ends by their numbers', async () => {
    const refused = await made();
    await end(refused.id, { state: 'failed', error: { code: 'content_refused', message: 'Faces.' } });
    expect((await call(`/v1beta/${refused.name}`)).body.response.generateVideoResponse).toEqual({
      raiMediaFilteredCount: 1,
      raiMediaFilteredReasons: ['Faces.'],
    });
    const failed = await made();
    await end(failed.id, { state: 'failed', error: { code: 'invalid_request', message: '4, 6, 8', param: 'seconds' } });
    expect((await call(`/v1beta/${failed.name}`)).body).toMatchObject({
      done: true,
      error: { code: 3, message: '4, 6, 8' },
    });
    const gone = await made();
    await end(gone.id, { state: 'succeeded' });
    expect((await call(`/v1beta/${gone.name}`)).body).toMatchObject({ done: true, error: { code: 5 } });
  });

  it.each([
    (name: string) => `/v1beta/${name}:cancel`,
    (name: string) => `/v1beta/operations/${name.split('/').at(-1)}:cancel`,
  ])('is cancelled by its owner alone', async (path) => {
    const { name } = await made();
    expect((await call(path(name), { body: {}, headers: { 'x-key': 'key_2' } })).status).toBe(404);
    expect(await call(path(name), { body: {} })).toMatchObject({ status: 200, body: {} });
    expect((await call(`/v1beta/${name}`)).body).toMatchObject({ done: true, error: { code: 1 } });
  });
});
