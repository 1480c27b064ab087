import { createGenerationId } from '@sluice/contracts/generation-id';
import { createLogger } from '@sluice/platform-logger/logger';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { Listener } from '@sluice/platform-postgres/listener';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { RouteRepository } from './route-repository.js';
import { RouteResolver } from './route-resolver.js';

let database: TestDatabase;
let postgres: Postgres;
let listener: Listener;
let repository: RouteRepository;
let resolver: RouteResolver;

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  listener = new Listener({ url: database.url, applicationName: 'test' });
  repository = new RouteRepository(postgres);
  resolver = new RouteResolver({
    repository,
    listener,
    demo: 'auto',
    logger: createLogger({ service: 'test', level: 'silent' }),
  });
  await resolver.start();
});
afterAll(async () => {
  resolver.close();
  await listener.close();
  await postgres.close();
  await database.drop();
});

const addCredential = (id: string, models: string[] | null) =>
  postgres.query({
    text: `INSERT INTO credential (id, upstream, kind, label, identity, secret, models) VALUES ($1, 'openai', 'api-key', $1, $1, '', $2)`,
    values: [id, models],
  });

test('an unknown name is told as such', () => {
  expect(() => resolver.resolve('nobody', 'chat')).toThrow(expect.objectContaining({ code: 'model_not_found' }));
});

test('a name on a new credential is taken without a restart, and listed', async () => {
  await addCredential('named', ['m1', 'm2']);
  await vi.waitFor(() => expect(resolver.resolve('m1', 'chat')).toEqual([{ upstream: 'openai', model: 'm1' }]));
  expect(resolver.list().map(({ id }) => id)).toEqual(['auto', 'm1', 'm2']);
  await postgres.query({ text: `UPDATE credential SET enabled = false WHERE id = 'named'` });
  await vi.waitFor(() => expect(() => resolver.resolve('m1', 'chat')).toThrow());
});

test('a route wins over everything else, and is read again by whoever wrote it', async () => {
  await addCredential('both', ['routed']);
  const targets = [{ upstream: 'openai', model: 'behind', weight: 2 }];
  await repository.put('routed', { targets, strategy: 'priority' });
  await resolver.refresh();
  expect(resolver.resolve('routed', 'chat')).toEqual(targets);
  expect(resolver.list().find(({ id }) => id === 'routed')).toMatchObject({ ownedBy: 'sluice' });
  await repository.delete('routed');
  await resolver.refresh();
  expect(resolver.resolve('routed', 'chat')).toEqual([{ upstream: 'openai', model: 'routed' }]);
});

test("an upstream's own list, once it was saved, decides what an open credential serves", async () => {
  await addCredential('open', null);
  await vi.waitFor(() =>
    expect(resolver.resolve('anything', 'chat')).toEqual([{ upstream: 'openai', model: 'anything' }]),
  );
  await repository.saveKnownModels('openai', [{ id: 'listed', ownedBy: 'vendor', createdAtSeconds: 5 }]);
  await vi.waitFor(() => expect(() => resolver.resolve('anything', 'chat')).toThrow());
  expect(resolver.resolve('listed', 'chat')).toEqual([{ upstream: 'openai', model: 'listed' }]);
  expect(resolver.list().find(({ id }) => id === 'listed')).toEqual({
    id: 'listed',
    ownedBy: 'vendor',
    createdAtSeconds: 5,
  });
});

test('many changes in a row cost few reads', async () => {
  const list = vi.spyOn(repository, 'list');
  for (let n = 0; n < 50; n++) await addCredential(`many${n}`, [`many${n}`]);
  await vi.waitFor(() => resolver.resolve('many49', 'chat'));
  expect(list.mock.calls.length).toBeLessThan(50);
});

test('auto is a listed model that can do the work, and sees where there are pictures', async () => {
  await addCredential('auto', ['a-chat', 'b-vision', 'c-embed']);
  await vi.waitFor(() => expect(resolver.list().map(({ id }) => id)).toContain('b-vision'));
  const names = (use: 'chat' | 'embedding' | 'speech', sight = false) =>
    resolver.resolve('auto', use, () => ({ sight })).map(({ model }) => model);
  expect(names('chat')[0]).toBe('a-chat');
  expect(names('chat', true)).toEqual(['b-vision']);
  expect(names('embedding')).toEqual(['c-embed']);
  expect(() => names('speech')).toThrow(expect.objectContaining({ code: 'model_not_found' }));
});

test('a route of strategy auto leaves out what cannot see, and asks last what has just failed', async () => {
  const targets = ['blind', 'first-vision', 'other-vision'].map((model) => ({ upstream: 'openai', model }));
  await repository.put('chosen', { targets, strategy: 'auto' });
  await resolver.refresh();
  const names = () => resolver.resolve('chosen', 'chat', () => ({ sight: true })).map(({ model }) => model);
  await insertGeneration('first-vision', { status: 'failed', code: 'upstream_error' });
  await insertGeneration('other-vision', { status: 'failed', code: 'invalid_request' });
  expect(names().toSorted()).toEqual(['first-vision', 'other-vision']);
  const standings = await repository.modelStandings(Date.now() - 60_000);
  expect(standings).toEqual([
    expect.objectContaining({ upstream: 'openai', model: 'first-vision', succeeded: 0, failed: 1 }),
  ]);
});

test('what the operator says about names holds for the list and for calls', async () => {
  await addCredential('offered', ['offered', 'offered-search', 'hidden-model']);
  const hidden = new Set(['hidden-model']);
  const offering = new RouteResolver({
    repository,
    listener,
    demo: 'auto',
    logger: createLogger({ service: 'test', level: 'silent' }),
    offer: {
      hides: (name) => hidden.has(name),
      namesOf: (name) => [`${name}-search`],
      read: (name, isKnown) => ({ model: isKnown(name) ? name : name.replace(/-search$/, ''), asked: [] }),
    },
  });
  await offering.start();
  const names = offering.list().map(({ id }) => id);
  offering.close();
  expect(names.filter((name) => name.startsWith('offered'))).toEqual([
    'offered',
    'offered-search',
    'offered-search-search',
  ]);
  expect(names).not.toContain('hidden-model');
  expect(() => offering.resolve('hidden-model', 'chat')).toThrow("'hidden-model' is not offered here");
  expect(offering.resolve('offered-search-search', 'chat')).toEqual([{ upstream: 'openai', model: 'offered-search' }]);
  expect(() => offering.resolve('hidden-model-search', 'chat')).toThrow("'hidden-model-search' is not offered here");
  expect([offering.isKnown('offered-search'), offering.isKnown('offered-search-search')]).toEqual([true, false]);
  hidden.clear();
  expect(offering.resolve('hidden-model', 'chat')).toEqual([{ upstream: 'openai', model: 'hidden-model' }]);
});

const insertGeneration = (model: string, { status, code }: { status: string; code: string }) =>
  postgres.query({
    text: `INSERT INTO generation (id, created_at, kind, class, status, owner_key_id, dialect, model, upstream, upstream_model, error, finished_at, updated_at)
      VALUES ($1, now(), 'chat', 'interactive', $2, 'k', 'openai-chat', 'm', 'openai', $3, $4, now(), now())`,
    values: [createGenerationId(Date.now()), status, model, JSON.stringify({ code })],
  });

test('a conversation becomes what all targets of its route make of it', async () => {
  const film = { upstream: 'sora', model: 'some-film' };
  const words = { upstream: 'openai', model: 'some-words' };
  const image = { upstream: 'openai', model: 'gpt-image-2' };
  await repository.put('films', { targets: [film], strategy: 'priority' });
  await repository.put('either', { targets: [film, words], strategy: 'priority' });
  await repository.put('gone', { targets: [{ upstream: 'none', model: 'x' }], strategy: 'priority' });
  await repository.put('drawn', { targets: [image], strategy: 'priority' });
  await resolver.refresh();
  expect(['films', 'either', 'gone', 'drawn', 'auto', 'nobody'].map((name) => resolver.workOf(name))).toEqual([
    'video',
    'chat',
    'chat',
    'image',
    'chat',
    'chat',
  ]);
  await repository.put('films', { targets: [words], strategy: 'priority' });
  await resolver.refresh();
  expect(resolver.workOf('films')).toBe('chat');
});

test("a name of Sora's clients is served by its own route, its class's, or whoever can", async () => {
  const VIDEO = 'sora2-landscape-10s';
  const of = (name: string) => resolver.resolve(name, 'video').map(({ upstream, model }) => `${upstream}/${model}`);
  expect(() => of(VIDEO)).toThrow(expect.objectContaining({ code: 'model_not_found' }));
  await postgres.query({
    text: `INSERT INTO credential (id, upstream, kind, label, identity, secret, models) VALUES
      ('veo', 'gemini', 'api-key', 'veo', 'veo', '', '{veo-3.1,gemini-3}'), ('vendor', 'sora', 'videos-api', 'v', 'v', '', NULL)`,
  });
  await resolver.refresh();
  expect(of(VIDEO)).toEqual(['sora/sora-2', 'gemini/veo-3.1']);
  expect(of('sora2pro-hd-portrait-15s')).toEqual(['sora/sora-2-pro', 'gemini/veo-3.1']);
  expect([VIDEO, 'avatar-create', 'prompt-enhance-long-10s'].map((name) => resolver.workOf(name))).toEqual([
    'video',
    'character',
    'chat',
  ]);
  const targets = [{ upstream: 'grok', model: 'imagine' }];
  await repository.put('sora-2', { targets, strategy: 'priority' });
  await resolver.refresh();
  expect(['sora-2', VIDEO, 'sora_video2-15s'].map(of)).toEqual(Array(3).fill(['grok/imagine']));
  expect(of('sora2pro-landscape-10s')[0]).toBe('sora/sora-2-pro');
  await repository.put(VIDEO, { targets: [{ upstream: 'gemini', model: 'own' }], strategy: 'priority' });
  await resolver.refresh();
  expect(of(VIDEO)).toEqual(['gemini/own']);
});

test("names of Sora's clients are listed where they are wanted and served", async () => {
  const names = async (isListed: boolean) => {
    const offer = { hides: () => false, namesOf: () => [], listsSoraNames: () => isListed };
    const logger = createLogger({ service: 'test', level: 'silent' });
    const read = (model: string) => ({ model, asked: [] });
    const listing = new RouteResolver({ repository, listener, demo: 'auto', logger, offer: { ...offer, read } });
    await listing.start();
    listing.close();
    return listing.list().filter(({ ownedBy }) => ownedBy === 'sora2api');
  };
  expect((await names(true)).map(({ id }) => id)).toContain('sora2-portrait-25s');
  expect(await names(false)).toEqual([]);
});
