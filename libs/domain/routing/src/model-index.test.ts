import type { UpstreamManifest } from '@sluice/manifests/upstream-manifest';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ModelIndex } from './model-index.js';
import type { CredentialModel } from './route-repository.js';

const manifest = (id: string, models: string[]): UpstreamManifest => ({
  id,
  displayName: id,
  worker: `${id}-worker`,
  queues: ['interactive'],
  uses: ['chat', 'embedding'],
  nativeDialects: [],
  kinds: {},
  models: models.map((model) => ({ id: model, uses: ['chat'] })),
});
const SESSION = { secret: z.unknown(), defaultBaseUrl: null, originPath: '', onlyListed: true } as const;
const upstreams = [manifest('closed', ['c1', 'c2']), manifest('free', [])];
const SINCE = new Date(1_700_000_000_000);
const credential = (upstream: string, model: string | null, demo = false): CredentialModel => ({
  upstream,
  kind: 'key',
  plan: null,
  model,
  demo,
  createdAt: SINCE,
});

function indexOf(
  credentialModels: CredentialModel[],
  known: Record<string, string[]> = {},
  demo: 'on' | 'off' | 'auto' = 'auto',
): ModelIndex {
  const modelsOf = (upstream: string) => known[upstream]?.map((id) => ({ id }));
  return new ModelIndex({ upstreams, credentialModels, demo, knownModels: { modelsOf } });
}
const who = (index: ModelIndex, model: string, use: 'chat' | 'embedding' = 'chat') =>
  index.targets(model, use).map(({ upstream }) => upstream);

test("a manifest's model is served by an open credential, or by one that names it", () => {
  expect(who(indexOf([credential('closed', null)]), 'c1')).toEqual(['closed']);
  const named = indexOf([credential('closed', 'c1')]);
  expect(who(named, 'c1')).toEqual(['closed']);
  expect(named.list().map(({ id }) => id)).not.toContain('c2');
});

test("a manifest's model without any credential is still known", () => {
  expect(who(indexOf([]), 'c1')).toEqual(['closed']);
  expect(indexOf([]).list()).toEqual([]);
});

test('what was found is remembered, for each use by itself', () => {
  const index = indexOf([credential('closed', 'c1'), credential('free', 'c1')]);
  expect(index.targets('c1', 'chat')).toBe(index.targets('c1', 'chat'));
  expect([who(index, 'c1'), who(index, 'c1', 'embedding')]).toEqual([
    ['closed', 'free'],
    ['closed', 'free'],
  ]);
  expect(index.targets('c1', 'embedding')).not.toBe(index.targets('c1', 'chat'));
});

test('a name on a credential is taken at once; others are unknown', () => {
  const index = indexOf([credential('free', 'mine')]);
  expect(who(index, 'mine')).toEqual(['free']);
  expect(who(index, 'other')).toEqual([]);
});

test('an open credential serves what its upstream lists, and anything until that list was read', () => {
  const unread = indexOf([credential('free', null)]);
  expect(who(unread, 'whatever')).toEqual(['free']);
  const read = indexOf([credential('free', null)], { free: ['listed'] });
  expect(who(read, 'listed')).toEqual(['free']);
  expect(who(read, 'whatever')).toEqual([]);
});

test('an upstream with models of its own does not take unknown ones', () => {
  expect(who(indexOf([credential('closed', null)]), 'whatever')).toEqual([]);
});

test('a model is not offered for a use that it does not have', () => {
  expect(who(indexOf([credential('closed', null)]), 'c1', 'embedding')).toEqual([]);
});

test('manifests come before names on credentials, and these before lists', () => {
  const index = indexOf([credential('free', 'c1'), credential('closed', null)]);
  expect(who(index, 'c1')).toEqual(['closed', 'free']);
});

test('a demo name is gone as soon as there is a real credential', () => {
  const demo = credential('free', 'demo-model', true);
  expect(who(indexOf([demo]), 'demo-model')).toEqual(['free']);
  expect(who(indexOf([demo, credential('free', 'real-model')]), 'demo-model')).toEqual([]);
  expect(who(indexOf([demo, credential('free', 'real-model')], {}, 'on'), 'demo-model')).toEqual(['free']);
  expect(who(indexOf([demo], {}, 'off'), 'demo-model')).toEqual([]);
});

test('lists what can be asked for, with its age', () => {
  const index = indexOf([credential('free', null), credential('free', 'named')], { free: ['listed'] });
  expect(index.list()).toEqual([
    { id: 'named', ownedBy: 'free', createdAtSeconds: 1_700_000_000 },
    { id: 'listed', ownedBy: 'free', createdAtSeconds: 1_700_000_000 },
  ]);
});

describe('models of certain accounts', () => {
  const plain = manifest('mixed', []);
  const mixed: UpstreamManifest = {
    ...plain,
    kinds: { key: { secret: z.unknown(), defaultBaseUrl: null, originPath: '' }, session: SESSION },
    plans: ['basic', 'super'],
    models: [
      { id: 'both', uses: ['chat'], kinds: ['key', 'session'] },
      { id: 'web', uses: ['chat'], kinds: ['session'] },
      { id: 'heavy', uses: ['chat'], kinds: ['session'], plans: ['super'] },
    ],
  };
  const account = (kind: string, plan: string | null = null, model: string | null = null): CredentialModel => ({
    ...credential('mixed', model),
    kind,
    plan,
  });
  const ask = (accounts: CredentialModel[], known: Record<string, string[]> = {}) =>
    new ModelIndex({
      upstreams: [mixed, manifest('free', [])],
      credentialModels: [...accounts, credential('free', 'heavy')],
      demo: 'auto',
      knownModels: { modelsOf: (upstream) => known[upstream]?.map((id) => ({ id })) },
    });
  const listed = (index: ModelIndex) =>
    index
      .list()
      .filter(({ ownedBy }) => ownedBy === 'mixed')
      .map(({ id }) => id);

  test('are listed, and served, where such an account is there', () => {
    expect(listed(ask([account('key')]))).toEqual(['both']);
    expect(listed(ask([account('session')]))).toEqual(['both', 'web']);
    expect(listed(ask([account('session', 'super')]))).toEqual(['both', 'web', 'heavy']);
    expect(who(ask([account('session', 'basic')]), 'heavy')).toEqual(['free']);
    expect(who(ask([account('session', 'super')]), 'heavy')).toEqual(['mixed', 'free']);
  });

  test('leave other names to accounts that may have them', () => {
    expect(who(ask([account('key')]), 'newer')).toEqual(['mixed']);
    expect(who(ask([account('key')], { mixed: ['listed'] }), 'newer')).toEqual([]);
    expect(who(ask([account('session')]), 'newer')).toEqual([]);
    expect(who(ask([account('session', null, 'newer')]), 'newer')).toEqual(['mixed']);
    expect(listed(ask([account('session')], { mixed: ['heavy', 'web', 'other'] }))).toEqual(['both', 'web', 'web']);
  });
});
