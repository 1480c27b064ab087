import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { systemClock } from '@sluice/contracts/clock';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { Part, PartRecord } from '@sluice/contracts/part';
import { IdempotencyStore } from '@sluice/domain-generations/idempotency-store';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { DecodedCall } from '../generations/dialect-endpoint.js';
import { replyStreamed } from '../generations/reply-streamed.js';
import type { Told } from '../generations/told.js';
import { registerIdempotency } from './register-idempotency.js';

const TEXT: Part = { type: 'text-delta', choice: 0, text: 'hi' };
const GENERATION = { id: 'gen_1', model: 'm', createdAtMs: 0 } as Told['generation'];
const PLAIN = { headers: {}, timing: { clock: systemClock, holdMs: 60_000, heartbeatMs: 60_000 } };
const CALL = {
  openStream: () => ({ encode: ({ type }: Part) => `${type} `, heartbeat: () => '' }),
} as Partial<DecodedCall> as DecodedCall;
let tail: AsyncIterable<PartRecord[]>;

let database: TestDatabase;
let postgres: Postgres;
let server: FastifyInstance;
let store: IdempotencyStore;
let calls = 0;
/** What a claim waits for before it is made. */
let beforeClaim: (response: ServerResponse) => Promise<unknown> = async () => undefined;
let answer: () => Promise<object> = async () => ({ call: calls });
let allRetries = false;
let onReleased = () => {};
let last: ServerResponse;
/** Settles when what the last call came to has been written down. */
let kept: Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  store = new IdempotencyStore({ postgres });
  server = fastify({ forceCloseConnections: true });
  server.decorateRequest('keyId', undefined);
  server.addHook('onRequest', async (request, reply) => {
    request.keyId = String(request.headers['x-key'] ?? 'key_1');
    last = reply.raw;
    reply.header('x-request-id', request.id);
  });
  const noted = watchStore(store);
  registerIdempotency(server, { store: noted, rules: () => ({ allRetries }), clock: systemClock, onError: () => {} });
  server.setErrorHandler((error, _request, reply) => {
    const { code } = toGatewayError(error);
    return reply
      .status(code === 'idempotency_mismatch' ? 422 : code === 'idempotency_in_progress' ? 409 : 500)
      .send({ code });
  });
  server.post('/v1/chat/completions', () => {
    calls += 1;
    return answer();
  });
  server.post('/v1/streams', (_request, reply) => {
    calls += 1;
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    reply.raw.write(`data: ${calls}\n\n`);
    reply.raw.end('data: [DONE]\n\n');
  });
  server.post('/v1/generated', async (_request, reply) => {
    calls += 1;
    await replyStreamed({ call: CALL, submitted: { generation: GENERATION, tail }, response: reply.raw, ...PLAIN });
    reply.hijack();
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  await server.close();
  await postgres.close();
  await database.drop();
});

beforeEach(() => {
  calls = 0;
  allRetries = false;
  beforeClaim = async () => undefined;
  answer = async () => ({ call: calls });
});

function watchStore(real: IdempotencyStore): IdempotencyStore {
  const noted = Object.create(real) as IdempotencyStore;
  noted.claim = async (claim) => {
    await beforeClaim(last);
    return real.claim(claim);
  };
  noted.answer = (...args) => (kept = real.answer(...args));
  noted.release = (...args) => (kept = real.release(...args).then(() => onReleased()));
  return noted;
}

async function* tailOf(batches: Part[][]): AsyncGenerator<PartRecord[]> {
  let sequence = 0;
  for (const batch of batches) yield batch.map((part) => ({ sequence: ++sequence, part }));
}

let count = 0;
const newKey = () => `key ${(count += 1)}`;

async function post(
  key: string | undefined,
  options: { path?: string; body?: object; headers?: Record<string, string>; signal?: AbortSignal } = {},
) {
  const { path = '/v1/chat/completions', body = { model: 'm' }, headers = {}, signal = null } = options;
  const { port } = server.server.address() as { port: number };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }), ...headers },
    body: JSON.stringify(body),
    signal,
  });
  return {
    status: response.status,
    text: await response.text(),
    type: response.headers.get('content-type'),
    isReplayed: response.headers.get('idempotent-replayed'),
  };
}

it('gives the first answer again, for the key in either form and a body in any order', async () => {
  const key = newKey();
  const first = await post(key, { body: { model: 'm', n: 1 } });
  await kept;
  const again = await post(`"${key}"`, { body: { n: 1, model: 'm' } });
  expect(again).toEqual({ ...first, isReplayed: 'true' });
  expect(first).toMatchObject({ isReplayed: null, type: 'application/json; charset=utf-8' });
  expect(calls).toBe(1);
});

it('gives a stream again, byte by byte and as the stream it was', async () => {
  const key = newKey();
  const first = await post(key, { path: '/v1/streams' });
  expect(first.type).toBe('text/event-stream');
  await kept;
  expect(await post(key, { path: '/v1/streams' })).toEqual({ ...first, isReplayed: 'true' });
});

it('is a new call in another route, with another API key, and without a key', async () => {
  const key = newKey();
  await post(key);
  await kept;
  await post(key, { headers: { 'x-key': 'key_2' } });
  await post(key, { path: '/v1/streams' });
  await post(undefined);
  expect(calls).toBe(4);
});

it('refuses another body', async () => {
  const key = newKey();
  await post(key);
  await kept;
  expect(await post(key, { body: { model: 'other' } })).toMatchObject({ status: 422 });
});

it('refuses to wait for a call that still runs', async () => {
  const key = newKey();
  let end = () => {};
  const begun = new Promise<void>((resolve) => {
    answer = () =>
      new Promise((open) => {
        end = () => open({ call: calls });
        resolve();
      });
  });
  const first = post(key);
  await begun;
  expect(await post(key)).toMatchObject({ status: 409 });
  end();
  expect((await first).status).toBe(200);
  await kept;
  expect(await post(key)).toMatchObject({ status: 200, isReplayed: 'true' });
});

it('forgets a failure: the call may be made again', async () => {
  const key = newKey();
  answer = () => Promise.reject(new Error('down'));
  expect((await post(key)).status).toBe(500);
  await kept;
  answer = async () => ({ call: calls });
  expect(await post(key)).toMatchObject({ status: 200, isReplayed: null });
});

it.each([
  ['told its failure', [[TEXT], [{ type: 'failed', error: { code: 'upstream_error', message: 'no' } }]]],
  ['was cancelled', [[TEXT], [{ type: 'cancelled', reason: 'by hand' }]]],
  ['broke off', [[TEXT]]],
] satisfies [string, Part[][]][])('forgets a stream that %s after its first byte', async (_how, batches) => {
  const key = newKey();
  tail = tailOf(batches);
  expect(await post(key, { path: '/v1/generated' })).toMatchObject({ status: 200 });
  await kept;
  tail = tailOf([[TEXT], [{ type: 'succeeded' }]]);
  expect(await post(key, { path: '/v1/generated' })).toMatchObject({ isReplayed: null });
  await kept;
  expect(await post(key, { path: '/v1/generated' })).toMatchObject({
    isReplayed: 'true',
    text: 'text-delta succeeded ',
  });
});

it('makes nothing for a client that left while its key was claimed, and frees the key', async () => {
  const key = newKey();
  const leaving = new AbortController();
  const released = new Promise<void>((resolve) => {
    beforeClaim = async (response) => {
      const left = once(response, 'close');
      leaving.abort();
      await left;
      onReleased = resolve;
    };
  });
  await expect(post(key, { signal: leaving.signal })).rejects.toThrow('abort');
  await released;
  beforeClaim = async () => undefined;
  expect(await post(key)).toMatchObject({ status: 200, isReplayed: null });
  expect(calls).toBe(1);
});

it('knows the retries of SDKs without a key, where the operator wants that', async () => {
  const body = { model: 'm', prompt: newKey() };
  const attempt = (number: string) => post(undefined, { body, headers: { 'x-stainless-retry-count': number } });
  await attempt('0');
  await attempt('1');
  expect(calls).toBe(2);
  allRetries = true;
  await attempt('0');
  await kept;
  await attempt('0');
  await kept;
  expect(calls).toBe(4);
  expect(await attempt('1')).toMatchObject({ isReplayed: 'true', text: '{"call":4}' });
});
