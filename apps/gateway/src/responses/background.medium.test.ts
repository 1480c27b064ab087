import { randomUUID } from 'node:crypto';
import { systemClock } from '@sluice/contracts/clock';
import type { Part } from '@sluice/contracts/part';
import { createDurableGenerations } from '@sluice/domain-generations/create-durable-generations';
import { DurableSteps } from '@sluice/domain-generations/durable-steps';
import { liveNames } from '@sluice/domain-generations/live-channel';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import type { Producer } from '@sluice/platform-queue/create-producer';
import type { Redis } from '@sluice/platform-redis/redis';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DurablePipeline } from '../generations/durable-pipeline.service.js';
import type { AnswerService } from '../generations/answer.service.js';
import { sendError } from '../http/send-error.js';
import { toErrorData } from '../http/to-error-data.js';
import { createResponses } from './create-responses.js';
import { ResponsesController } from './responses.controller.js';

/** Two gateways on one database, and no Redis that would tell one of them what the other did. */
let database: TestDatabase;
let postgres: Postgres;
let steps: DurableSteps;
let gateways: [Gateway, Gateway];

interface Gateway {
  server: FastifyInstance;
  stop(): void;
}

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  steps = new DurableSteps({ postgres, live: { tell: () => {} }, clock: systemClock });
  gateways = [openGateway(), openGateway()];
});

afterAll(async () => {
  for (const { server, stop } of gateways) {
    stop();
    await server.close();
  }
  await postgres.close();
  await database.drop();
});

function openGateway(): Gateway {
  const silent = { on: () => silent, subscribe: async () => 1, unsubscribe: async () => 1, publish: async () => 1 };
  const redis = silent as unknown as Redis;
  const producer = { add: async () => {}, promote: async () => {} } as unknown as Producer;
  const names = liveNames(randomUUID());
  const durable = createDurableGenerations({
    postgres,
    producer,
    redis,
    subscriber: redis,
    names,
    clock: systemClock,
    onError: () => {},
  });
  durable.reader.start();
  const resolver = { resolve: (model: string) => [{ upstream: 'openai', model }] } as unknown as RouteResolver;
  const pipeline = new DurablePipeline({ resolver, generations: durable.generations, clock: systemClock });
  const never = () => Promise.reject(new Error('not asked'));
  const { service } = createResponses({
    postgres,
    generations: { loadFinished: never, findOwned: never } as never,
    live: { open: never } as never,
    durable: { ...durable, pipeline },
    conversations: { around: (call) => call, remember: async () => {} },
    claimRules: () => ({ allRetries: false }),
    retentionDays: 30,
    clock: systemClock,
    onError: () => {},
  });
  return { server: serve(new ResponsesController({} as AnswerService, service)), stop: () => durable.reader.stop() };
}

function serve(controller: ResponsesController): FastifyInstance {
  const server = fastify();
  server.decorateRequest('keyId', undefined);
  server.addHook('onRequest', async (request) => void (request.keyId = String(request.headers['x-key'] ?? 'owner')));
  server.setErrorHandler((error, request, reply) => sendError(request, reply, toErrorData(error, request)));
  server.post('/v1/responses', (request, reply) => controller.create(request, reply));
  const idOf = ({ params }: { params: unknown }) => (params as { id: string }).id;
  server.get('/v1/responses/:id', (request, reply) =>
    controller.retrieve(idOf(request), request.query, request, reply),
  );
  server.delete('/v1/responses/:id', (request) => controller.delete(idOf(request), request));
  server.post('/v1/responses/:id/cancel', (request) => controller.cancel(idOf(request), request));
  return server;
}

type Shown = { id: string; status: string; output: { id: string; status: string }[]; usage: object | null };

async function call(
  method: 'GET' | 'POST' | 'DELETE',
  path = '',
  options: { at?: 0 | 1; body?: object; key?: string } = {},
) {
  const { at = 0, body, key = 'owner' } = options;
  const headers = { 'x-key': key };
  const answer = await gateways[at].server.inject({
    method,
    url: `/v1/responses${path}`,
    headers,
    ...(body && { payload: body }),
  });
  return { status: answer.statusCode, text: answer.body, json: () => answer.json<Shown>() };
}

async function make(body: object = {}): Promise<string> {
  const request = { model: 'm', input: 'hi', background: true, ...body };
  return (await call('POST', '', { body: request })).json().id;
}

async function show(id: string, at: 0 | 1 = 1): Promise<Shown> {
  return (await call('GET', `/${id}`, { at })).json();
}

async function eventsOf(id: string, options: { after?: number; at?: 0 | 1 } = {}): Promise<string[]> {
  const from = options.after === undefined ? '' : `&starting_after=${options.after}`;
  const { text } = await call('GET', `/${id}?stream=true${from}`, { at: options.at ?? 0 });
  return text.split('\n\n').slice(0, -1);
}

let epoch = 0;
const text = (value: string): Part => ({ type: 'text-delta', choice: 0, text: value });
const finish: Part = { type: 'finish', choice: 0, reason: 'stop' };
const done: Part = { type: 'succeeded' };

/** As a worker does that takes it: the number of its attempt. */
async function begin(id: string, parts: Part[]): Promise<number> {
  const generationId = id.replace('resp_', 'gen_');
  const step = await steps.find(generationId);
  if (!step) throw new Error('There is no such row.');
  const lease = { id: randomUUID(), credentialId: 'c', epoch: ++epoch };
  const target = { upstream: 'openai', model: 'real' };
  const intended = await steps.intend({ step, lease, target, baseUrl: '', lookAtMs: Date.now() + 60_000 });
  const attempt = intended?.attempt ?? 0;
  await say(id, [{ type: 'attempt', attempt, ...target, credentialId: 'c' }, ...parts]);
  return attempt;
}

async function say(id: string, parts: Part[], state?: 'queued' | 'succeeded'): Promise<void> {
  const change = { id: id.replace('resp_', 'gen_'), expected: ['submitting' as const], parts };
  const moved = await steps.advanceOne({ ...change, stepAtMs: Date.now() + 60_000, ...(state && { state }) });
  if (!moved) throw new Error('It has ended.');
}

describe('a response in the background', () => {
  it('stands as its generation stands, on every gateway, for its owner', async () => {
    const id = await make();
    expect((await show(id)).status).toBe('queued');
    await begin(id, [text('a')]);
    expect((await show(id)).status).toBe('in_progress');
    await say(id, [], 'queued');
    expect((await show(id)).status).toBe('in_progress');
    await begin(id, [text('b'), finish]);
    await say(id, [done], 'succeeded');
    expect(await show(id)).toMatchObject({ status: 'completed', output: [{ status: 'completed' }] });
    expect((await call('GET', `/${id}`, { key: 'another' })).status).toBe(404);
  });

  it('is told alike from every event, by whoever is asked, while it runs and afterwards', async () => {
    const id = await make();
    const live = ([0, 1] as const).map((at) => eventsOf(id, { at }));
    await begin(id, [text('Hel')]);
    const resumed = eventsOf(id, { at: 1, after: 4 });
    await say(id, [], 'queued');
    await begin(id, [text('Hello')]);
    await say(id, [finish, done], 'succeeded');
    const [told = [], other] = await Promise.all(live);
    expect(other).toEqual(told);
    expect(await resumed).toEqual(told.slice(5));
    expect(told.at(-1)).toContain('event: response.completed');
    const places = told.map((_, after) => after);
    const tails = await Promise.all(places.map((after) => eventsOf(id, { after, at: after % 2 === 0 ? 0 : 1 })));
    tails.forEach((tail, after) => expect(tail).toEqual(told.slice(after + 1)));
    expect((await show(id)).output).toHaveLength(1);
  });

  it('is cancelled before anybody has begun with it, as often as one asks', async () => {
    const id = await make();
    const told = eventsOf(id);
    for (const at of [0, 1] as const)
      expect((await call('POST', `/${id}/cancel`, { at })).json()).toMatchObject({ status: 'cancelled', output: [] });
    const types = (await told).map((event) => event.split('\n', 1)[0]);
    expect(types).toEqual(['event: response.created', 'event: response.queued', 'event: response.failed']);
  });

  it('that has ended is not cancelled any more', async () => {
    const id = await make();
    await begin(id, [text('a'), finish]);
    await say(id, [done], 'succeeded');
    expect((await call('POST', `/${id}/cancel`)).json()).toMatchObject({ status: 'completed' });
  });

  it('is gone when it was deleted, and who follows it hears of an end', async () => {
    const id = await make();
    const told = eventsOf(id, { at: 1 });
    expect((await call('DELETE', `/${id}`)).status).toBe(200);
    expect((await call('GET', `/${id}`, { at: 1 })).status).toBe(404);
    expect(await steps.find(id.replace('resp_', 'gen_'))).toBeUndefined();
    expect((await told).at(-1)).toContain('event: response.failed');
    expect((await call('DELETE', `/${id}`)).status).toBe(404);
  });

  it('cannot be gone on with before it has ended', async () => {
    const id = await make();
    const next = { model: 'm', input: 'more', background: true, previous_response_id: id };
    expect((await call('POST', '', { body: next })).status).toBe(400);
    await begin(id, [text('a'), finish]);
    await say(id, [done], 'succeeded');
    expect((await call('POST', '', { body: next })).json()).toMatchObject({ status: 'queued' });
  });
});
