import type { Message } from '@sluice/contracts/chat';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createRedis } from '@sluice/platform-redis/create-redis';
import type { Redis } from '@sluice/platform-redis/redis';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConversationStore } from './conversation-store.js';
import { SignatureStore } from './signature-store.js';
import { TurnCache } from './turn-cache.js';

let database: TestDatabase;
let postgres: Postgres;
let redis: Redis;
const clock = createFakeClock();
const limits = { idleMs: 60_000, maxTurns: 5, maxBytes: 100_000 };
let here: ConversationStore;
let elsewhere: ConversationStore;

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  redis = createRedis({ url: (await createTestRedis()).url, role: 'worker', name: 'test', onError: () => {} });
  const cache = new TurnCache(redis, 'test');
  const replica = () => new ConversationStore({ postgres, cache, clock, limits: () => limits, onError: fail });
  [here, elsewhere] = [replica(), replica()];
});
afterAll(async () => {
  redis.disconnect();
  await postgres.close();
  await database.drop();
});

function fail(error: unknown): never {
  throw error;
}
const says = (text: string): Message[] => [{ role: 'user', content: [{ type: 'text', text }] }];
const named = (conversation: string, ownerKeyId = 'a') => ({ ownerKeyId, conversation });
async function texts(store: ConversationStore, conversation: string, owner = 'a'): Promise<string[]> {
  const turns = await store.read(named(conversation, owner));
  return turns.flatMap(({ messages }) =>
    messages.map(({ content }) => JSON.stringify(content).replace(/^.*"text":"(.*)".*$/, '$1')),
  );
}

test('what one replica adds the other reads at once, cached or not', async () => {
  await here.append(named('two'), says('1'));
  expect(await texts(elsewhere, 'two')).toEqual(['1']);
  expect(await texts(here, 'two')).toEqual(['1']);
  await elsewhere.append(named('two'), says('2'));
  expect(await texts(here, 'two')).toEqual(['1', '2']);
  expect(await here.clear(named('two'))).toBe(2);
  expect(await texts(elsewhere, 'two')).toEqual([]);
});

test('a name belongs to its key', async () => {
  await here.append(named('mine', 'a'), says('secret'));
  expect(await texts(here, 'mine', 'b')).toEqual([]);
  await here.clear(named('mine', 'b'));
  expect(await texts(here, 'mine', 'a')).toEqual(['secret']);
});

test('calls at once lose nothing', async () => {
  await Promise.all(
    ['1', '2', '3', '4'].map((text, index) => (index % 2 ? here : elsewhere).append(named('many'), says(text))),
  );
  expect((await texts(here, 'many')).toSorted()).toEqual(['1', '2', '3', '4']);
});

test('a slow reader does not put back what was true before', async () => {
  await here.append(named('slow'), says('1'));
  const cache = new TurnCache(redis, 'test');
  const { version } = await cache.read(named('slow'));
  await here.append(named('slow'), says('2'));
  await cache.fill(named('slow'), { version, turns: [] });
  expect(await texts(elsewhere, 'slow')).toEqual(['1', '2']);
});

test('idle for too long, it begins anew and stays so', async () => {
  await here.append(named('idle'), says('old'));
  await clock.advance(limits.idleMs + 1);
  expect(await texts(here, 'idle')).toEqual([]);
  await here.append(named('idle'), says('new'));
  expect(await texts(elsewhere, 'idle')).toEqual(['new']);
});

test('an answer that took longer than the idle time loses nothing', async () => {
  await here.append(named('long'), says('1'));
  await clock.advance(limits.idleMs + 1);
  await here.purge(limits.idleMs * 10);
  await here.append(named('long'), says('2'));
  expect(await texts(here, 'long')).toEqual(['1', '2']);
});

test('the oldest turns are dropped, from the database, too', async () => {
  for (let index = 1; index <= 7; index += 1) await here.append(named('big'), says(String(index)));
  expect(await texts(here, 'big')).toEqual(['3', '4', '5', '6', '7']);
  const { rows } = await postgres.query({ text: `SELECT 1 FROM conversation_turn WHERE conversation = 'big'` });
  expect(rows).toHaveLength(5);
  await here.append(named('big'), says('x'.repeat(limits.maxBytes)));
  expect(await texts(here, 'big')).toHaveLength(5);
});

test('signatures come back to their owner and their upstream only', async () => {
  const store = new SignatureStore(postgres, clock);
  const signed = new Map([
    ['call_1', { signature: 's' }],
    ['call_2', { reasoning: [{ type: 'redacted-reasoning' as const, data: 'd' }] }],
  ]);
  await store.remember({ ownerKeyId: 'a', upstream: 'gemini' }, signed);
  const ids = ['call_1', 'call_2', 'call_3'];
  expect(await store.find({ ownerKeyId: 'a', upstreams: ['gemini'] }, ids)).toEqual(signed);
  expect((await store.find({ ownerKeyId: 'b', upstreams: ['gemini'] }, ids)).size).toBe(0);
  expect((await store.find({ ownerKeyId: 'a', upstreams: ['other'] }, ids)).size).toBe(0);
  await clock.advance(1_001);
  await store.purge(1_000);
  expect((await store.find({ ownerKeyId: 'a', upstreams: ['gemini'] }, ids)).size).toBe(0);
});
