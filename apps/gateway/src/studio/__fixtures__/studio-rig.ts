import type { MediaStore } from '@sluice/contracts/media-store';
import type { Part } from '@sluice/contracts/part';
import { createDurableGenerations } from '@sluice/domain-generations/create-durable-generations';
import { DurableSteps } from '@sluice/domain-generations/durable-steps';
import { liveNames } from '@sluice/domain-generations/live-channel';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import { SETTINGS, type SettingName } from '@sluice/domain-settings/setting-catalogue';
import type { Settings } from '@sluice/domain-settings/settings';
import { PasswordKeeper } from '@sluice/domain-studio/password-keeper';
import { createFileSystemMediaStore } from '@sluice/platform-media/file-system-media-store';
import { createUrlSigner } from '@sluice/platform-media/url-signer';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import type { Producer } from '@sluice/platform-queue/create-producer';
import { createRedis } from '@sluice/platform-redis/create-redis';
import type { Redis } from '@sluice/platform-redis/redis';
import { createTestDatabase } from '@sluice/testing/create-test-database';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { fastify, type FastifyInstance } from 'fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DurablePipeline } from '../../generations/durable-pipeline.service.js';
import type { Durable } from '../../generations/create-durable.js';
import { sendError } from '../../http/send-error.js';
import { toErrorData } from '../../http/to-error-data.js';
import { MediaController } from '../../media/media.controller.js';
import { MediaLinks } from '../../media/media-links.js';
import { createStudio, type Studio } from '../create-studio.js';
import { registerStudio } from '../register-studio.js';
import { StudioAccountsController } from '../studio-accounts.controller.js';
import { StudioVideosController } from '../studio-videos.controller.js';

export const FILM = Buffer.from('0123456789');

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  bytes: Buffer;
  json: unknown;
}

/** The studio on real stores, with a clock of its own; jobs go nowhere, and the test is the worker. */
export async function createStudioRig() {
  const root = await mkdtemp(join(tmpdir(), 'sluice-studio-'));
  const database = await createTestDatabase();
  const postgres = createPostgres({ url: database.url, applicationName: 'test' });
  const stores = await openRedis();
  const clock = createFakeClock(Date.UTC(2026, 0, 1, 12));
  const names = liveNames(stores.prefix);
  const rung: { upstream: string; jobId: string | undefined }[] = [];
  const producer = {
    add: async (_name: string, { upstream, jobId }: { upstream: string; jobId?: string }) =>
      void rung.push({ upstream, jobId }),
    promote: async () => false,
  } as unknown as Producer;
  const onError = (error: unknown) => {
    throw error;
  };
  const { redis, subscriber } = stores;
  const domain = createDurableGenerations({ postgres, producer, redis, subscriber, names, clock, onError });
  domain.reader.start();
  const resolver = { resolve: (model: string) => [{ upstream: 'sora', model }] } as unknown as RouteResolver;
  const durable: Durable = { ...domain, pipeline: new DurablePipeline({ resolver, generations: domain.generations, clock }) };
  const store = createFileSystemMediaStore({ root });
  const links = new MediaLinks({ signer: createUrlSigner(Buffer.from('key')), clock, lifeMs: 60_000, publicUrl: undefined });
  const values: Partial<Record<SettingName, unknown>> = {};
  const studio = createStudio({
    config: { SLUICE_SIGNUP: true, SLUICE_HOST: '0.0.0.0' },
    postgres,
    vault: { derive: () => Buffer.alloc(32, 7) },
    settings: { get: (name: SettingName) => values[name] ?? SETTINGS[name].initial } as unknown as Settings,
    durable,
    media: { links, store },
    passwords: new PasswordKeeper({ cost: 16, blockSize: 1, parallelization: 1 }),
    claimRules: () => ({ allRetries: false }),
    clock,
    onError,
  });
  const server = createServer(studio, new MediaController(links, store));
  return {
    clock,
    postgres,
    store,
    server,
    studio,
    durable,
    resolver,
    redis,
    rung,
    settings: values,
    call: (url: string, options?: CallOptions) => call(server, url, options),
    /** A new user's token and id. */
    signUp: (name: string) => signUp(server, name),
    worker: createWorker({ postgres, store, durable, clock }),
    async close() {
      studio.close();
      domain.reader.stop();
      await server.close();
      stores.close();
      await postgres.close();
      await database.drop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export type StudioRig = Awaited<ReturnType<typeof createStudioRig>>;

export interface CallOptions {
  token?: string;
  method?: 'GET' | 'POST' | 'DELETE';
  body?: object | string;
  headers?: Record<string, string>;
}

async function call(server: FastifyInstance, url: string, options: CallOptions = {}): Promise<Answer> {
  const { token, method, body, headers = {} } = options;
  const answer = await server.inject({
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    url,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { payload: body }),
  });
  const isJson = String(answer.headers['content-type']).startsWith('application/json') && answer.body !== '';
  return {
    status: answer.statusCode,
    headers: answer.headers,
    bytes: answer.rawPayload,
    json: isJson ? (answer.json() as unknown) : undefined,
  };
}

async function signUp(server: FastifyInstance, name: string): Promise<{ token: string; id: string }> {
  const body = { email: `${name}@example.com`, password: 'correct horse' };
  const { json } = await call(server, '/api/auth/register', { body });
  const { token, user } = json as { token: string; user: { id: string } };
  return { token, id: user.id };
}

/** What a worker does, as far as the studio sees it. */
function createWorker({
  postgres,
  store,
  durable,
  clock,
}: {
  postgres: Postgres;
  store: MediaStore;
  durable: Durable;
  clock: StudioClock;
}) {
  const steps = new DurableSteps({ postgres, live: durable.live, clock });
  const toId = (id: string) => id.replace(/^(?:job|video)_/, 'gen_');
  return {
    async begin(id: string) {
      const step = { id: toId(id), attempt: 0 };
      const lease = { id: `lease_${step.id}`, credentialId: 'cred_1', epoch: 1 };
      const target = { upstream: 'sora', model: 'm' };
      await steps.intend({ step, lease, target, baseUrl: '', lookAtMs: clock.now() + 60_000 });
      await steps.advanceOne({ id: step.id, expected: ['submitting'], state: 'submitted', operation: { id: `up_${id}` } });
    },
    progress: (id: string, progress: number) =>
      steps.advanceOne({ id: toId(id), expected: ['submitted'], progress, parts: [{ type: 'progress', progress }] }),
    async finish(id: string) {
      const key = `results/${toId(id)}.mp4`;
      const body = (async function* () {
        yield FILM;
      })();
      const { sha256, mediaType, bytes } = await store.put({ key, mediaType: 'video/mp4', body, maximumBytes: 100 });
      const files = [{ role: 'result' as const, sha256, media: { key, mediaType, bytes } }];
      const facts = { durationSeconds: 5 };
      const parts: Part[] = [{ type: 'result', files, facts }, { type: 'succeeded' } as Part];
      return steps.advanceOne({
        id: toId(id),
        expected: ['submitted'],
        state: 'succeeded',
        progress: 100,
        files,
        facts,
        expiresAtMs: clock.now() + 86_400_000,
        parts,
      });
    },
    fail: (id: string, message: string) =>
      steps.advanceOne({
        id: toId(id),
        expected: ['queued', 'submitted'],
        state: 'failed',
        error: { code: 'upstream_error', message },
        parts: [{ type: 'failed', error: { code: 'upstream_error', message } } as Part],
      }),
  };
}

type StudioClock = ReturnType<typeof createFakeClock>;

async function openRedis(): Promise<{ redis: Redis; subscriber: Redis; prefix: string; close(): void }> {
  const { url, keyPrefix } = await createTestRedis();
  const onError = () => {};
  const redis = createRedis({ url, role: 'request', name: 'test', onError });
  const subscriber = createRedis({ url, role: 'subscriber', name: 'test', onError });
  const close = () => {
    redis.disconnect();
    subscriber.disconnect();
  };
  return { redis, subscriber, prefix: keyPrefix, close };
}

/** The routes as the gateway has them. */
function createServer(studio: Studio, media: MediaController): FastifyInstance {
  const app = fastify();
  app.decorateRequest('keyId', undefined);
  registerStudio(app, studio.accounts);
  app.setErrorHandler((error, request, reply) => sendError(request, reply, toErrorData(error, request)));
  app.setNotFoundHandler((request, reply) =>
    sendError(request, reply, { code: 'not_found', message: `Invalid URL (${request.method} ${request.url})` }),
  );
  const accounts = new StudioAccountsController(studio.accounts, studio.removal);
  app.post('/api/auth/register', (request, reply) => {
    void reply.status(201);
    return accounts.register(request.body, request);
  });
  app.post('/api/auth/login', (request) => accounts.login(request.body, request));
  app.post('/api/auth/password', (request) => accounts.changePassword(request.body, request));
  app.get('/api/auth/me', async (request) => accounts.me(request));
  app.delete('/api/auth/me', (request, reply) => accounts.remove(request, reply));
  addVideoRoutes(app, new StudioVideosController(studio.videos, studio.replies));
  app.get<{ Params: { '*': string }; Querystring: Record<string, string> }>('/media/*', (request, reply) =>
    media.get(request.params['*'], request.query['expires'], request.query['signature'], request, reply),
  );
  return app;
}

function addVideoRoutes(app: FastifyInstance, videos: StudioVideosController): void {
  interface ById {
    Params: { id: string };
  }
  app.post('/api/videos', (request, reply) => {
    void reply.status(202);
    return videos.create(request, reply);
  });
  app.get('/api/videos', (request) => videos.list(request.query, request));
  app.get('/api/videos/jobs', (request) => videos.listJobs(request));
  app.get<ById>('/api/videos/jobs/:id', (request) => videos.getJob(request.params.id, request));
  app.get<ById>('/api/videos/jobs/:id/stream', (request, reply) => videos.stream(request.params.id, request, reply));
  app.post<ById>('/api/videos/jobs/:id/cancel', (request) => videos.cancel(request.params.id, request));
  app.get<ById>('/api/videos/:id', (request) => videos.get(request.params.id, request));
  app.get<ById>('/api/videos/:id/content', (request, reply) => videos.content(request.params.id, request, reply));
  app.delete<ById>('/api/videos/:id', (request) => videos.remove(request.params.id, request));
}
