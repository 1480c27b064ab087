import { EventEmitter } from 'node:events';
import type { Clock } from '@sluice/contracts/clock';
import type { MediaStore } from '@sluice/contracts/media-store';
import { MediaIntake } from '@sluice/domain-assets/media-intake';
import { createDurableGenerations } from '@sluice/domain-generations/create-durable-generations';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import { DurableLive } from '@sluice/domain-generations/durable-live';
import { DurableSteps } from '@sluice/domain-generations/durable-steps';
import { liveNames } from '@sluice/domain-generations/live-channel';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import { createUrlSigner } from '@sluice/platform-media/url-signer';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import type { Producer } from '@sluice/platform-queue/create-producer';
import type { Redis } from '@sluice/platform-redis/redis';
import fastify, { type FastifyInstance } from 'fastify';
import { DurablePipeline } from '../../generations/durable-pipeline.service.js';
import { GenerationViews } from '../../generations/generation-views.js';
import { GenerationsController } from '../../generations/generations.controller.js';
import { sendError } from '../../http/send-error.js';
import type { StreamTiming } from '../../generations/reply-streamed.js';
import { toErrorData } from '../../http/to-error-data.js';
import { MediaLinks } from '../../media/media-links.js';
import { MediaController } from '../../media/media.controller.js';
import { registerMultipart } from '../../media/register-multipart.js';
import { ImageReplies } from '../image-replies.service.js';
import { ImagesController } from '../images.controller.js';
import { ImagesService } from '../images.service.js';

export interface ServedImages {
  server: FastifyInstance;
  /** What a worker writes with. */
  steps: DurableSteps;
  /** What follows the commit, for a test to break. */
  generations: DurableGenerations;
  stop(): void;
}

interface ServeOptions {
  postgres: Postgres;
  store: MediaStore;
  clock: Clock;
  timing: StreamTiming;
  model(): string | null;
  /** Hears of each generation that is committed. */
  onBell(generationId: string): void;
}

const WAIT_MS = 30_000;

/** The images routes as the gateway has them; whoever calls is who the header says. */
export function serveImages(options: ServeOptions): ServedImages {
  const { store, clock, timing, model } = options;
  const { generations, places, reader, steps } = createDomain(options);
  reader.start();
  const resolver = {
    resolve: (name: string) => [{ upstream: 'openai', model: `real-${name}` }],
  } as unknown as RouteResolver;
  const fetchPublic = () => Promise.reject(new Error('nothing is fetched here'));
  const intake = new MediaIntake({ store, fetchPublic, clock, maximumBytes: 1024 * 1024 });
  const signer = createUrlSigner(Buffer.from('key'));
  const links = new MediaLinks({ signer, clock, lifeMs: 60_000, publicUrl: undefined });
  const pipeline = new DurablePipeline({ resolver, generations, clock });
  const files = { isName: () => false, open: async () => undefined };
  const settings = { get: model } as never;
  const never = { findOwned: async () => undefined } as never;
  const views = new GenerationViews({ durable: generations, places, interactive: never, live: never, pipeline: never });
  const images = new ImagesController(
    new ImagesService({ pipeline, intake, files, resolver, settings, claimRules: () => ({ allRetries: false }) }),
    new ImageReplies({ generations, store, links, timing, waitMs: WAIT_MS }),
    views,
  );
  const controllers = { images, media: new MediaController(links, store), views: new GenerationsController(views, links) };
  return { server: serve(controllers), steps, generations, stop: () => reader.stop() };
}

/** One Redis for whoever tells and whoever listens. */
class Loop extends EventEmitter {
  subscribe = async () => 1;
  unsubscribe = async () => 1;
  publish = async (channel: string, text: string) => Number(this.emit('message', channel, text));
}

function createDomain({ postgres, clock, onBell }: ServeOptions) {
  const redis = new Loop() as unknown as Redis;
  const names = liveNames('test');
  const onError = () => undefined;
  const producer = {
    add: async (_name: string, { payload }: { payload: { generationId: string } }) => onBell(payload.generationId),
  } as unknown as Producer;
  const stores = { postgres, redis, subscriber: redis, names, clock, onError };
  const steps = new DurableSteps({ postgres, live: new DurableLive({ redis, names, onError }), clock });
  return { ...createDurableGenerations({ ...stores, producer }), steps };
}

function serve(controllers: { images: ImagesController; media: MediaController; views: GenerationsController }) {
  const { images, media, views } = controllers;
  const app = fastify();
  registerMultipart(app);
  app.decorateRequest('keyId', undefined);
  app.addHook('onRequest', (request, _reply, done) => {
    request.keyId = String(request.headers['x-key'] ?? 'key_1');
    done();
  });
  app.setErrorHandler((error, request, reply) => sendError(request, reply, toErrorData(error, request)));
  app.post('/v1/images/generations', (request, reply) => images.generate(request, reply));
  app.post('/v1/images/edits', (request, reply) => images.edit(request, reply));
  app.post('/v1/images/variations', () => images.vary());
  app.get('/v1/images/method', () => images.method());
  app.get<{ Params: { id: string } }>('/v1/generations/:id', (request, reply) =>
    views.get(request.params.id, undefined, request, reply),
  );
  app.get<{ Params: { '*': string }; Querystring: Record<string, string> }>('/media/*', (request, reply) =>
    media.get(request.params['*'], request.query['expires'], request.query['signature'], request, reply),
  );
  return app;
}
