import { readSoraName } from '@sluice/manifests/sora-names';
import { UPSTREAMS } from '@sluice/manifests/upstreams';
import { describe, expect, it } from 'vitest';
import type { CredentialModel } from './route-repository.js';
import { SoraTargets } from './sora-targets.js';

const SINCE = new Date(1_700_000_000_000);
interface Account {
  upstream: string;
  kind?: string;
  model?: string;
  plan?: string;
  demo?: boolean;
}

function open(accounts: readonly Account[], known: Record<string, string[]> = {}): SoraTargets {
  const credentialModels = accounts.map(
    ({ upstream, kind = 'api-key', model = null, plan = null, demo = false }): CredentialModel => ({
      upstream,
      kind,
      model,
      plan,
      demo,
      createdAt: SINCE,
    }),
  );
  const modelsOf = (upstream: string) => known[upstream]?.map((id) => ({ id }));
  return new SoraTargets({ upstreams: UPSTREAMS, credentialModels, knownModels: { modelsOf }, demo: 'auto' });
}

function who(targets: SoraTargets, name: string): string[] {
  const wish = readSoraName(name);
  if (wish?.work !== 'video' && wish?.work !== 'image' && wish?.work !== 'character')
    throw new Error(`${name} is no film or picture, and nobody`);
  return targets.targets(wish, wish.work).map(({ upstream, model, kind }) => `${upstream} ${kind} ${model}`);
}

const VENDOR = { upstream: 'sora', kind: 'videos-api' };
const SESSION = { upstream: 'sora', kind: 'session' };

describe('a film by a name of Sora', () => {
  it('is made by vendors first, then by sessions, Veo and Grok, each by a model of its own', () => {
    const all = open([
      { upstream: 'grok' },
      { upstream: 'gemini' },
      SESSION,
      VENDOR,
      { upstream: 'grok', kind: 'session' },
    ]);
    expect(who(all, 'sora2-landscape-10s')).toEqual([
      'sora videos-api sora-2',
      'sora session sora-2',
      'gemini api-key veo-3.1-generate-preview',
      'grok api-key grok-imagine-video',
      'grok session grok-imagine-1.0-video',
    ]);
  });

  it('that is long or better needs a session that may have it', () => {
    expect(who(open([SESSION]), 'sora2-portrait-25s')).toEqual([]);
    expect(who(open([{ ...SESSION, plan: 'pro' }]), 'sora2-portrait-25s')).toEqual(['sora session sora-2-25s']);
    expect(who(open([SESSION]), 'sora2pro-portrait-10s')).toEqual([]);
    expect(who(open([{ ...SESSION, plan: 'pro' }]), 'sora2pro-portrait-10s')).toEqual(['sora session sora-2-pro']);
  });

  it('is asked for by what the operator wrote down, else by what the upstream lists, the full and newest first', () => {
    expect(who(open([{ ...VENDOR, model: 'wan-2.5' }]), 'sora2-landscape-10s')).toEqual(['sora videos-api wan-2.5']);
    const vendor = open([VENDOR], { sora: ['kling-2', 'sora-2', 'gpt-5'] });
    expect(who(vendor, 'sora2-landscape-10s')).toEqual(['sora videos-api sora-2']);
    expect(who(vendor, 'sora2pro-landscape-10s')).toEqual(['sora videos-api kling-2']);
    const google = ['gemini-3', 'veo-3.0-generate-001', 'veo-3.1-fast-generate-preview', 'veo-3.1-generate-preview'];
    expect(who(open([{ upstream: 'gemini' }], { gemini: google }), 'sora-2')).toEqual([
      'gemini api-key veo-3.1-generate-preview',
    ]);
    expect(who(open([{ upstream: 'gemini' }], { gemini: ['gemini-3'] }), 'sora-2')).toEqual([]);
  });

  it('is never another film: a name with a shape of its own serves that shape only', () => {
    const vendor = open([
      { ...VENDOR, model: 'sora_video2-portrait-15s' },
      { ...VENDOR, model: 'sora-2-pro' },
    ]);
    expect(who(vendor, 'sora2-portrait-15s')).toEqual(['sora videos-api sora_video2-portrait-15s']);
    expect(who(vendor, 'sora2-portrait-10s')).toEqual([]);
    expect(who(vendor, 'sora2pro-portrait-10s')).toEqual(['sora videos-api sora-2-pro']);
  });

  it('is made in the demo as long as nothing real is there', () => {
    const demo = [
      { ...VENDOR, model: 'sim-video', demo: true },
      { upstream: 'gemini', model: 'sim-veo', demo: true },
      { upstream: 'gemini', model: 'sim-gemini-3.1-pro', demo: true },
    ];
    expect(who(open(demo), 'sora-2')).toEqual(['sora videos-api sim-video', 'gemini api-key sim-veo']);
    expect(who(open([...demo, VENDOR]), 'sora-2')).toEqual(['sora videos-api sora-2', 'gemini api-key sim-veo']);
  });
});

it('a picture is drawn by the session in its shape, else by whoever lists a model that draws', () => {
  expect(who(open([SESSION]), 'gpt-image-portrait')).toEqual(['sora session gpt-image-portrait']);
  expect(who(open([{ upstream: 'openai' }]), 'gpt-image')).toEqual([]);
  expect(
    who(open([{ upstream: 'openai' }], { openai: ['gpt-5', 'gpt-image-2', 'gpt-image-1-mini'] }), 'sora-image'),
  ).toEqual(['openai api-key gpt-image-2']);
});

it('a picture of a shape is not asked of a model that has it not', () => {
  const google = open([{ upstream: 'gemini' }], { gemini: ['imagen-4.0-generate-001', 'gemini-2.5-flash-image'] });
  expect(who(google, 'gpt-image-landscape')).toEqual(['gemini api-key gemini-2.5-flash-image']);
});

describe('the list', () => {
  const names = (targets: SoraTargets) => targets.list(() => false).map(({ id }) => id);

  it('has what something serves', () => {
    expect(names(open([]))).toEqual([]);
    expect(names(open([{ upstream: 'openai' }]))).toEqual([]);
    const veo = names(open([{ upstream: 'gemini' }], { gemini: ['veo-3.1'] }));
    expect(veo).toHaveLength(2 + 16);
    expect(veo).not.toContain('sora2-extension-10s');
    expect(names(open([VENDOR]))).toContain('sora2-extension-10s');
    expect(names(open([SESSION]))).not.toContain('sora2-landscape-25s');
  });

  it('has better prompts where somebody writes them', () => {
    expect(
      open([SESSION])
        .list(() => true)
        .filter(({ id }) => id.startsWith('prompt-enhance')),
    ).toHaveLength(9);
  });
});

it('a name that an account or a list knows is known', () => {
  const targets = open([{ upstream: 'openai', model: 'sora2-landscape-10s' }, VENDOR], {
    sora: ['sora_video2'],
    gemini: ['sora-2'],
  });
  expect(['sora2-landscape-10s', 'sora_video2', 'sora-2'].map((name) => targets.isNamed(name))).toEqual([
    true,
    true,
    false,
  ]);
});

it('a character is made by a session first, then by a vendor whatever films it makes, and listed where one of them is', () => {
  expect(who(open([{ ...VENDOR, model: 'sora-2' }, SESSION, { upstream: 'gemini' }]), 'avatar-create')).toEqual([
    'sora session avatar-create',
    'sora videos-api sora-2',
  ]);
  const isListed = (accounts: Account[]) =>
    open(accounts)
      .list(() => false)
      .some(({ id }) => id === 'avatar-create');
  expect([[SESSION], [VENDOR], [{ upstream: 'gemini' }]].map(isListed)).toEqual([true, true, false]);
});
