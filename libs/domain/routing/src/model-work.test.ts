import type { UpstreamManifest } from '@sluice/manifests/upstream-manifest';
import { describe, expect, test } from 'vitest';
import { ModelIndex } from './model-index.js';
import type { ModelWork } from './model-work.js';
import type { CredentialModel } from './route-repository.js';

const manifest = (
  id: string,
  uses: UpstreamManifest['uses'],
  models: UpstreamManifest['models'] = [],
): UpstreamManifest => ({
  id,
  displayName: id,
  worker: `${id}-worker`,
  queues: ['interactive', 'durable'],
  uses,
  nativeDialects: [],
  kinds: {},
  models,
});
const upstreams = [
  manifest('films', ['video']),
  manifest('relay', ['chat', 'image']),
  manifest('all', ['chat', 'image', 'video'], [{ id: 'odd-name', uses: ['video'] }]),
  manifest('draws', ['chat', 'image'], [{ id: 'talking-image', uses: ['chat', 'image'] }]),
];
const SINCE = new Date(1_700_000_000_000);

function workOf(model: string, credentials: [upstream: string, model: string | null][]): ModelWork | undefined {
  const credentialModels = credentials.map(([upstream, name]): CredentialModel => ({
    kind: 'api-key',
    plan: null,
    upstream,
    model: name,
    demo: false,
    createdAt: SINCE,
  }));
  return new ModelIndex({
    upstreams,
    credentialModels,
    demo: 'off',
    knownModels: { modelsOf: () => undefined },
  }).work(model);
}

describe('what becomes of a conversation', () => {
  test.each<[string, string, [string, string | null][], ModelWork | undefined]>([
    ['an upstream that makes videos only', 'anything', [['films', 'anything']], 'video'],
    ['one that could do either, by the name', 'gpt-image-2', [['relay', 'gpt-image-2']], 'image'],
    ['one that could do either, by a name that says nothing', 'mine', [['relay', 'mine']], 'chat'],
    ['a model that draws while it talks', 'gemini-3-image', [['relay', 'gemini-3-image']], 'chat'],
    ['a name that guesses at what its upstream cannot', 'sora-2', [['relay', 'sora-2']], 'chat'],
    ['all three, by the name', 'grok-imagine-video', [['all', 'grok-imagine-video']], 'video'],
    ['all three, a picture by the name', 'grok-imagine-1.0', [['all', 'grok-imagine-1.0']], 'image'],
    ["a manifest's word", 'odd-name', [['all', null]], 'video'],
    ["a manifest's word, where it talks as well", 'talking-image', [['draws', null]], 'chat'],
    ["a manifest's word without any credential", 'odd-name', [], 'video'],
    ['nobody who knows it', 'unknown', [], undefined],
  ])('%s', (_name, model, credentials, work) => expect(workOf(model, credentials)).toBe(work));

  test('a name that is a chat model as well stays one', () => {
    expect(
      workOf('sora-2', [
        ['films', 'sora-2'],
        ['relay', 'sora-2'],
      ]),
    ).toBe('chat');
  });

  test('who names a model knows better than who serves whatever there is', () => {
    expect(
      workOf('sora-2', [
        ['films', 'sora-2'],
        ['relay', null],
      ]),
    ).toBe('video');
  });
});
