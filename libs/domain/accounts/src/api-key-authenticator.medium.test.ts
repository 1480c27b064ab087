import { GatewayError } from '@sluice/contracts/gateway-error';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { Listener } from '@sluice/platform-postgres/listener';
import { watchChanges } from '@sluice/platform-postgres/watch-changes';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ApiKeyAdmin } from './api-key-admin.js';
import { ApiKeyAuthenticator } from './api-key-authenticator.js';
import { ApiKeyRepository } from './api-key-repository.js';

const pepper = Buffer.alloc(32, 7);
let database: TestDatabase;
let postgres: Postgres;
let listener: Listener;
let repository: ApiKeyRepository;
let admin: ApiKeyAdmin;
const authenticators: ApiKeyAuthenticator[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  listener = new Listener({ url: database.url, applicationName: 'test' });
  repository = new ApiKeyRepository(postgres);
  admin = new ApiKeyAdmin({ repository, pepper });
});
afterEach(async () => {
  for (const authenticator of authenticators.splice(0)) await authenticator.close();
});
afterAll(async () => {
  await listener.close();
  await postgres.close();
  await database.drop();
});

/** Has heard all notices: one that comes late would spoil a count of look-ups. */
async function newAuthenticator(clock = createFakeClock(Date.now())) {
  const findByHash = vi.fn<ApiKeyRepository['findByHash']>((hash: Uint8Array) => repository.findByHash(hash));
  const options = {
    repository: { findByHash, touch: repository.touch.bind(repository) },
    listener,
    pepper,
    clock,
    onError: () => undefined,
  };
  const authenticator = new ApiKeyAuthenticator(options);
  authenticators.push(authenticator);
  await noticesHeard();
  findByHash.mockClear();
  return { authenticator, clock, findByHash };
}
/** Every notice so far has reached whoever subscribed before: they come in order, and this one is the last. */
async function noticesHeard(): Promise<void> {
  const heard = new Set<string>();
  let isListening = false;
  const watcher = {
    table: 'api_key',
    onChange: (id: string) => heard.add(id),
    onGap: () => (isListening = true),
  } as const;
  const stop = watchChanges(listener, watcher);
  await vi.waitFor(() => expect(isListening).toBe(true));
  const { id } = await admin.create({ name: 'probe' });
  await vi.waitFor(() => expect(heard).toContain(id));
  stop();
}
const codeOf = async (work: () => unknown) => {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof GatewayError ? error.code : 'stranger';
  }
};

test('tells a caller by its key, from the second time on at once', async () => {
  const { id, key } = await admin.create({ name: 'mine', limits: { requestsPerMinute: 5 } });
  const { authenticator } = await newAuthenticator();
  const caller = { keyId: id, name: 'mine', limits: { requestsPerMinute: 5 } };
  expect(await authenticator.authenticate(key)).toEqual(caller);
  await vi.waitFor(() => expect(authenticator.authenticate(key)).toEqual(caller));
});

test('many callers with one new key cost one look-up', async () => {
  const { key } = await admin.create({ name: 'many' });
  const { authenticator, findByHash } = await newAuthenticator();
  await Promise.all(Array.from({ length: 20 }, async () => authenticator.authenticate(key)));
  expect(findByHash).toHaveBeenCalledTimes(1);
});

test('a wrong key is refused, and not looked up again', async () => {
  const { authenticator, findByHash } = await newAuthenticator();
  for (let n = 0; n < 5; n++)
    expect(await codeOf(() => authenticator.authenticate('sk-wrong'))).toBe('unauthenticated');
  expect(findByHash).toHaveBeenCalledTimes(1);
  for (const absent of [undefined, '', 'x'.repeat(10_000)])
    expect(await codeOf(() => authenticator.authenticate(absent))).toBe('unauthenticated');
  expect(findByHash).toHaveBeenCalledTimes(1);
});

test('a key that is made after it was refused is taken', async () => {
  const { authenticator } = await newAuthenticator();
  expect(await codeOf(() => authenticator.authenticate('sk-chosen'))).toBe('unauthenticated');
  await admin.ensure('sk-chosen', 'bootstrap');
  await admin.ensure('sk-chosen', 'bootstrap');
  await vi.waitFor(() => authenticator.authenticate('sk-chosen'));
});

test('a key that is switched off or deleted ends on every replica', async () => {
  const { id, key } = await admin.create({ name: 'ends' });
  const [one, two] = [await newAuthenticator(), await newAuthenticator()];
  for (const { authenticator } of [one, two]) await authenticator.authenticate(key);
  await admin.update(id, { enabled: false });
  for (const { authenticator } of [one, two]) {
    await vi.waitFor(async () => expect(await codeOf(() => authenticator.authenticate(key))).toBe('unauthenticated'));
  }
  await admin.update(id, { enabled: true });
  await vi.waitFor(() => one.authenticator.authenticate(key));
  await admin.delete(id);
  await vi.waitFor(async () => expect(await codeOf(() => one.authenticator.authenticate(key))).toBe('unauthenticated'));
});

test('a key ends at its time, though nobody tells', async () => {
  const { authenticator, clock } = await newAuthenticator();
  const { key } = await admin.create({ name: 'expires', expiresAt: new Date(clock.now() + 60_000).toISOString() });
  await authenticator.authenticate(key);
  await clock.advance(60_001);
  expect(await codeOf(() => authenticator.authenticate(key))).toBe('unauthenticated');
});

test('the last use is written at most once a minute', async () => {
  const { authenticator, clock } = await newAuthenticator();
  const { id, key } = await admin.create({ name: 'used' });
  for (let n = 0; n < 100; n++) await authenticator.authenticate(key);
  expect(await admin.get(id)).toMatchObject({ lastUsedAt: null });
  await clock.advance(60_000);
  await vi.waitFor(async () => expect((await admin.get(id)).lastUsedAt).not.toBeNull());
});

test('a database that is away is no wrong key, and known keys go on', async () => {
  const { authenticator, findByHash } = await newAuthenticator();
  const { key } = await admin.create({ name: 'known' });
  await vi.waitFor(async () => {
    await authenticator.authenticate(key);
    expect(authenticator.authenticate(key)).not.toBeInstanceOf(Promise);
  });
  findByHash.mockRejectedValue(new Error('connection refused'));
  expect(await codeOf(() => authenticator.authenticate('sk-other'))).toBe('unavailable');
  expect(authenticator.authenticate(key)).toMatchObject({ name: 'known' });
});

test('an unknown field of a body is named', async () => {
  await expect(admin.create({ name: 'x', nonsense: 1 })).rejects.toMatchObject({ data: { param: 'nonsense' } });
  await expect(admin.create({})).rejects.toMatchObject({ data: { param: 'name' } });
});

test('pages through all keys', async () => {
  const first = await admin.list({ limit: 2 });
  const rest = await admin.list({ cursor: first.nextCursor ?? '' });
  const all = await admin.list();
  expect([...first.keys, ...rest.keys]).toEqual(all.keys);
  expect(JSON.stringify(all)).not.toContain('hash');
});

test('a rotated key opens at once, the one before it until the overlap ends, and both end when it is disabled', async () => {
  const { authenticator, clock } = await newAuthenticator();
  const first = await admin.create({ name: 'rotated' });
  await authenticator.authenticate(first.key);
  const second = await admin.rotate(first.id, { overlapMs: 60_000 });
  await noticesHeard();
  expect(second).toMatchObject({ id: first.id });
  expect(await authenticator.authenticate(first.key)).toMatchObject({ keyId: first.id });
  expect(await authenticator.authenticate(second.key)).toMatchObject({ keyId: first.id });
  await admin.update(first.id, { enabled: false });
  await noticesHeard();
  expect(await codeOf(() => authenticator.authenticate(first.key))).toBe('unauthenticated');
  expect(await codeOf(() => authenticator.authenticate(second.key))).toBe('unauthenticated');
  await admin.update(first.id, { enabled: true });
  await noticesHeard();
  expect(await authenticator.authenticate(first.key)).toMatchObject({ keyId: first.id });
  await clock.advance(120_000);
  expect(await codeOf(() => authenticator.authenticate(first.key))).toBe('unauthenticated');
  expect(await authenticator.authenticate(second.key)).toMatchObject({ keyId: first.id });
});
