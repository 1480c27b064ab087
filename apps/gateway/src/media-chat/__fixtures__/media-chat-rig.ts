import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@sluice/contracts/clock';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import type { ResultFile } from '@sluice/contracts/stored-media';
import { MediaIntake } from '@sluice/domain-assets/media-intake';
import { createDurableGenerations } from '@sluice/domain-generations/create-durable-generations';
import type { DurableChange } from '@sluice/domain-generations/durable-change';
import { DurableSteps } from '@sluice/domain-generations/durable-steps';
import { liveNames } from '@sluice/domain-generations/live-channel';
import type { ModelWork } from '@sluice/domain-routing/model-work';
import { SETTINGS, type SettingName } from '@sluice/domain-settings/setting-catalogue';
import type { Settings } from '@sluice/domain-settings/settings';
import { createFileSystemMediaStore } from '@sluice/platform-media/file-system-media-store';
import { createUrlSigner } from '@sluice/platform-media/url-signer';
import { createPostgres } from '@sluice/platform-postgres/create-postgres';
import type { Producer } from '@sluice/platform-queue/create-producer';
import type { Redis } from '@sluice/platform-redis/redis';
import { createTestDatabase } from '@sluice/testing/create-test-database';
import fastify, { type FastifyInstance } from 'fastify';
import { messagesEndpoint } from '../../anthropic/messages.endpoint.js';
import { generateEndpoint } from '../../gemini/generate.endpoint.js';
import { AnswerService } from '../../generations/answer.service.js';
import type { DialectEndpoint } from '../../generations/dialect-endpoint.js';
import { DurablePipeline } from '../../generations/durable-pipeline.service.js';
import type { GenerationPipeline } from '../../generations/generation-pipeline.service.js';
import { sendError } from '../../http/send-error.js';
import { toErrorData } from '../../http/to-error-data.js';
import { type IdempotencyOptions, registerIdempotency } from '../../idempotency/register-idempotency.js';
import { MediaLinks } from '../../media/media-links.js';
import { chatEndpoint } from '../../openai/chat.endpoint.js';
import { MediaChat } from '../media-chat.service.js';

const WORKS: Readonly<Record<string, ModelWork>> = { film: 'video', drawing: 'image' };
const clock = systemClock;
const onError = () => undefined;

/** A gateway's chat on real stores, and a worker's hand to write what becomes of what it makes. */
export async function openMediaChatRig() {
  const root = await mkdtemp(join(tmpdir(), 'sluice-media-chat-'));
  const database = await createTestDatabase();
  const postgres = createPostgres({ url: database.url, applicationName: 'test' });
  const store = createFileSystemMediaStore({ root });
  const { redis, subscriber } = createPublisher();
  const producer = { add: async () => undefined } as unknown as Producer;
  const names = liveNames(randomUUID());
  const durable = createDurableGenerations({ postgres, producer, redis, subscriber, names, clock, onError });
  durable.reader.start();
  const steps = new DurableSteps({ postgres, live: durable.live, clock });
  const values = new Map<SettingName, unknown>();
  const settings = { get: (name: SettingName) => values.get(name) ?? SETTINGS[name].initial } as Pick<Settings, 'get'>;
  const resolver = {
    workOf: (model: string) => WORKS[model] ?? 'chat',
    resolve: (model: string) => [{ upstream: 'sora', model: `real-${model}` }],
  };
  const media = new MediaChat({
    resolver,
    pipeline: new DurablePipeline({ resolver: resolver as never, generations: durable.generations, clock }),
    generations: durable.generations,
    places: durable.places,
    intake: new MediaIntake({ store, fetchPublic: () => Promise.reject(new Error('no')), clock, maximumBytes: 1e6 }),
    files: { isName: () => false, open: async () => undefined },
    store,
    links: new MediaLinks({ signer: createUrlSigner(Buffer.from('key')), clock, lifeMs: 60_000, publicUrl: undefined }),
    settings,
    beforehand: (call) => call,
    claimRules: () => ({ allRetries: false }),
    clock,
    waitMs: 30_000,
  });
  const pipeline = { submit: () => Promise.reject(new Error('an ordinary chat')) } as unknown as GenerationPipeline;
  const timing = { clock, holdMs: 10_000, heartbeatMs: 10_000 };
  const answers = new AnswerService(pipeline, timing as never, onError, (call) => call, media);
  const server = serve(answers, {
    store: durable.idempotency,
    rules: () => ({ allRetries: false }),
    claimsItself: (request) => media.claims(request),
    clock,
    onError,
  });
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    address,
    postgres,
    store,
    values,
    worker: createWorker({ steps, postgres, store }),
    generations: durable.generations,
    async close() {
      durable.reader.stop();
      server.server.closeAllConnections();
      await server.close();
      await postgres.close();
      await database.drop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export type MediaChatRig = Awaited<ReturnType<typeof openMediaChatRig>>;

/** Redis for one process: what is published is heard at once. */
function createPublisher() {
  const hearers: ((channel: string, text: string) => void)[] = [];
  const redis = {
    publish: async (channel: string, text: string) => {
      for (const hear of hearers) hear(channel, text);
      return 1;
    },
  };
  const subscriber = {
    on: (_event: string, hear: (channel: string, text: string) => void) => hearers.push(hear),
    subscribe: async () => 1,
    unsubscribe: async () => 1,
  };
  return { redis: redis as unknown as Redis, subscriber: subscriber as unknown as Redis };
}

function serve(answers: AnswerService, idempotency: IdempotencyOptions): FastifyInstance {
  const server = fastify();
  server.decorateRequest('keyId', undefined);
  server.addHook('onRequest', async (request) => void (request.keyId = 'owner'));
  server.setErrorHandler((error, request, reply) => sendError(request, reply, toErrorData(error, request)));
  registerIdempotency(server, idempotency);
  const post = (path: string, endpoint: DialectEndpoint) =>
    server.post(path, (request, reply) => answers.answer(endpoint, request, reply));
  post('/v1/chat/completions', chatEndpoint);
  post('/v1/messages', messagesEndpoint({ version: '2023-06-01', requestId: 'req_1' } as never));
  post('/v1beta/models/*', generateEndpoint({ model: 'film', form: 'whole' }));
  return server;
}

function createWorker({ steps, postgres, store }: WorkerStores) {
  /** What the last call made. */
  const newest = async (): Promise<string> => {
    const { rows } = await postgres.query({
      text: `SELECT id FROM durable_generation WHERE state = 'queued' ORDER BY created_at DESC, id DESC LIMIT 1`,
    });
    return String((rows[0] as { id?: string } | undefined)?.id ?? '');
  };
  const advance = async (id: string, change: Partial<DurableChange>) => {
    const expected = ['queued', 'submitting', 'submitted', 'collecting'] as const;
    const stepAtMs = Date.now() + 60_000;
    const moved = await steps.advanceOne({ id, expected, stepAtMs, ...change });
    if (!moved) throw new Error('The row did not move.');
  };
  return {
    newest,
    async begin(id: string) {
      const step = await steps.find(id);
      if (!step) throw new Error('There is no such step.');
      const target = { upstream: 'sora', model: 'real' };
      const lease = { id: randomUUID(), credentialId: 'cred_1', epoch: 1 };
      const intended = await steps.intend({ step, lease, target, baseUrl: '', lookAtMs: Date.now() + 60_000 });
      if (!intended) throw new Error('The attempt was not intended.');
      const parts: Part[] = [
        { type: 'attempt', attempt: intended.attempt, credentialId: 'cred_1', ...target },
      ];
      await advance(id, { state: 'submitted', operation: { id: randomUUID() }, parts });
    },
    progress: (id: string, progress: number) =>
      advance(id, { progress, parts: [{ type: 'progress', progress }] }),
    async finish(id: string, contents: readonly Buffer[], facts: JsonObject = {}) {
      const files: ResultFile[] = [];
      for (const [index, content] of contents.entries()) {
        const isPicture = content[0] === 0x89;
        const key = `results/${id}-${index}.${isPicture ? 'png' : 'mp4'}`;
        const mediaType = isPicture ? 'image/png' : 'video/mp4';
        const body = (async function* () {
          yield content;
        })();
        const put = await store.put({ key, mediaType, body, maximumBytes: 1_000 });
        files.push({ role: 'result', sha256: put.sha256, media: { key, mediaType, bytes: content.length } });
      }
      const parts: Part[] = [{ type: 'result', files, facts }, { type: 'succeeded' }];
      await advance(id, { state: 'succeeded', files, facts, parts });
    },
    fail: (id: string, error: Extract<Part, { type: 'failed' }>['error']) =>
      advance(id, { state: 'failed', error, parts: [{ type: 'failed', error }] }),
  };
}

interface WorkerStores {
  steps: DurableSteps;
  postgres: ReturnType<typeof createPostgres>;
  store: ReturnType<typeof createFileSystemMediaStore>;
}
