import { systemClock } from '@sluice/contracts/clock';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import { IdempotencyStore } from '@sluice/domain-generations/idempotency-store';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { registerIdempotency } from './register-idempotency.js';

let database: TestDatabase;
let postgres: Postgres;
let server: FastifyInstance;
let store: IdempotencyStore;
let calls = 0;
let answer: () => Promise<object> = async () => ({ call: calls });
let allRetries = false;
/** Settles when what the last call came to has been written down. */
let kept: Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  store = new IdempotencyStore({ postgres, clock: systemClock });
  server = fastify();
  server.decorateRequest('keyId', undefined);
  server.addHook('onRequest', async (request) => void (request.keyId = String(request.headers['x-key'] ?? 'key_1')));
  const noted = watchWrites(store);
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
  answer = async () => ({ call: calls });
});

function watchWrites(real: IdempotencyStore): IdempotencyStore {
  const noted = Object.create(real) as IdempotencyStore;
  noted.answer = (...args) => (kept = real.answer(...args));
  noted.release = (...args) => (kept = real.release(...args));
  return noted;
}

let count = 0;
const newKey = () => `key ${(count += 1)}`;

async function post(
  key: string | undefined,
  options: { path?: string; body?: object; headers?: Record<string, string> } = {},
) {
  const { path = '/v1/chat/completions', body = { model: 'm' }, headers = {} } = options;
  const { port } = server.server.address() as { port: number };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }), ...headers },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    text: await response.text(),
    isReplayed: response.headers.get('idempotent-replayed'),
  };
}

it('gives the first answer again, for the key in either form and a body in any order', async () => {
  const key = newKey();
  const first = await post(key, { body: { model: 'm', n: 1 } });
  await kept;
  const again = await post(`"${key}"`, { body: { n: 1, model: 'm' } });
  expect(again).toEqual({ ...first, isReplayed: 'true' });
  expect(first.isReplayed).toBeNull();
  expect(calls).toBe(1);
});

it('gives a stream again, byte by byte', async () => {
  const key = newKey();
  const first = await post(key, { path: '/v1/streams' });
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
