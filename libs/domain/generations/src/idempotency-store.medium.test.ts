import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type HeldKey, IdempotencyStore } from './idempotency-store.js';

let database: TestDatabase;
let postgres: Postgres;
let store: IdempotencyStore;

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  store = new IdempotencyStore({ postgres });
});

afterAll(async () => {
  await postgres.close();
  await database.drop();
});

const claim = (key: string) => ({ scope: 'owner POST /v1/chat/completions', key, fingerprint: 'body' });
const running = { type: 'known', known: { fingerprint: 'body', generationId: undefined, answer: undefined } };

async function take(key: string, supersedes?: true): Promise<HeldKey> {
  const claimed = await store.claim({ ...claim(key), ...(supersedes && { supersedes }) });
  if (claimed.type !== 'held') throw new Error('Somebody has it.');
  return claimed.held;
}

async function setLeft({ key }: HeldKey, leftSeconds: number): Promise<void> {
  await postgres.query({
    text: "UPDATE idempotency_key SET expires_at = now() + $2 * interval '1 second' WHERE key = $1",
    values: [key, leftSeconds],
  });
}

/** As when its holder said nothing for longer than it may. */
const lapse = (held: HeldKey) => setLeft(held, -1);

async function leftMs({ key }: HeldKey): Promise<number> {
  const { rows } = await postgres.query<{ left: number }>({
    text: 'SELECT (extract(epoch FROM expires_at - now()) * 1000)::float8 AS left FROM idempotency_key WHERE key = $1',
    values: [key],
  });
  return rows[0]?.left ?? 0;
}

it('holds a key, keeps its answer and gives it free', async () => {
  const held = await take('chat');
  expect(await store.claim(claim('chat'))).toEqual(running);
  await store.answer(held, 'said');
  expect(await store.claim(claim('chat'))).toMatchObject({ type: 'known', known: { answer: 'said' } });
  const failed = await take('failed');
  await store.release(failed);
  expect(await store.claim(claim('failed'))).toMatchObject({ type: 'held' });
});

it.each([
  ['release', (held: HeldKey) => store.release(held)],
  ['answer', (held: HeldKey) => store.answer(held, 'late')],
  ['prolong', (held: HeldKey) => store.prolong(held)],
])('lets a holder that was paused %s nothing of the one who has the key now', async (name, act) => {
  const late = await take(name);
  await lapse(late);
  const now = await take(name);
  await setLeft(now, 30);
  await act(late);
  expect(await store.claim(claim(name))).toEqual(running);
  expect(await leftMs(now)).toBeLessThan(31_000);
  await store.answer(now, 'mine');
  expect(await store.find(now.scope, name)).toMatchObject({ answer: 'mine' });
});

it('lets the call that a first attempt took its place of change nothing', async () => {
  const before = await take('sdk', true);
  const now = await take('sdk', true);
  await store.release(before);
  await store.answer(before, 'late');
  await store.answer(now, 'mine');
  expect(await store.find(now.scope, 'sdk')).toMatchObject({ answer: 'mine' });
});

it('goes by the database’s clock, whatever a replica’s own says', async () => {
  const held = await take('clock');
  vi.useFakeTimers({ now: Date.now() + 48 * 3_600_000, toFake: ['Date'] });
  try {
    expect(await store.claim(claim('clock'))).toEqual(running);
    expect(await store.purge(100)).toBe(0);
    await store.prolong(held);
    expect(await leftMs(held)).toBeLessThan(61_000);
    await store.answer(held, 'said');
    expect(await leftMs(held)).toBeLessThan(25 * 3_600_000);
  } finally {
    vi.useRealTimers();
  }
  await lapse(held);
  expect(await store.find(held.scope, 'clock')).toBeUndefined();
  expect(await store.purge(100)).toBe(1);
});
