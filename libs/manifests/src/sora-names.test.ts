import { describe, expect, it } from 'vitest';
import { readSoraName, SORA2API_MODELS, type SoraName } from './sora-names.js';

const film = (said: Partial<SoraName>): SoraName => ({ work: 'video', modelClass: 'sora-2', ...said });
const pro = (said: Partial<SoraName>): SoraName => film({ modelClass: 'sora-2-pro', ...said });
const better = (seconds: number, expansion: SoraName['expansion']): SoraName => ({
  work: 'enhance',
  modelClass: 'prompt-enhance',
  seconds,
  ...(expansion && { expansion }),
});

const LISTED: readonly (readonly [string, SoraName])[] = [
  ['gpt-image', { work: 'image', modelClass: 'gpt-image' }],
  ['gpt-image-landscape', { work: 'image', modelClass: 'gpt-image', orientation: 'landscape' }],
  ['gpt-image-portrait', { work: 'image', modelClass: 'gpt-image', orientation: 'portrait' }],
  ['sora2-landscape-10s', film({ orientation: 'landscape', seconds: 10 })],
  ['sora2-portrait-10s', film({ orientation: 'portrait', seconds: 10 })],
  ['sora2-landscape-15s', film({ orientation: 'landscape', seconds: 15 })],
  ['sora2-portrait-15s', film({ orientation: 'portrait', seconds: 15 })],
  ['sora2-landscape-25s', film({ orientation: 'landscape', seconds: 25 })],
  ['sora2-portrait-25s', film({ orientation: 'portrait', seconds: 25 })],
  ['sora2pro-landscape-10s', pro({ orientation: 'landscape', seconds: 10 })],
  ['sora2pro-portrait-10s', pro({ orientation: 'portrait', seconds: 10 })],
  ['sora2pro-landscape-15s', pro({ orientation: 'landscape', seconds: 15 })],
  ['sora2pro-portrait-15s', pro({ orientation: 'portrait', seconds: 15 })],
  ['sora2pro-landscape-25s', pro({ orientation: 'landscape', seconds: 25 })],
  ['sora2pro-portrait-25s', pro({ orientation: 'portrait', seconds: 25 })],
  ['sora2pro-hd-landscape-10s', pro({ orientation: 'landscape', seconds: 10, isLarge: true })],
  ['sora2pro-hd-portrait-10s', pro({ orientation: 'portrait', seconds: 10, isLarge: true })],
  ['sora2pro-hd-landscape-15s', pro({ orientation: 'landscape', seconds: 15, isLarge: true })],
  ['sora2pro-hd-portrait-15s', pro({ orientation: 'portrait', seconds: 15, isLarge: true })],
  ['sora2-extension-10s', { work: 'extension', modelClass: 'sora-2', seconds: 10 }],
  ['sora2-extension-15s', { work: 'extension', modelClass: 'sora-2', seconds: 15 }],
  ['prompt-enhance-short-10s', better(10, 'short')],
  ['prompt-enhance-short-15s', better(15, 'short')],
  ['prompt-enhance-short-20s', better(20, 'short')],
  ['prompt-enhance-medium-10s', better(10, 'medium')],
  ['prompt-enhance-medium-15s', better(15, 'medium')],
  ['prompt-enhance-medium-20s', better(20, 'medium')],
  ['prompt-enhance-long-10s', better(10, 'long')],
  ['prompt-enhance-long-15s', better(15, 'long')],
  ['prompt-enhance-long-20s', better(20, 'long')],
  ['avatar-create', { work: 'character', modelClass: 'avatar-create' }],
];

describe("Sora2API's models", () => {
  it.each(LISTED)('%s', (id, said) => expect(readSoraName(id)).toEqual(said));

  it('are these thirty-one and no others', () => {
    expect([...SORA2API_MODELS.keys()].toSorted()).toEqual(LISTED.map(([id]) => id).toSorted());
    expect(SORA2API_MODELS.size).toBe(31);
  });
});

it.each<[string, SoraName]>([
  ['sora-2', film({})],
  ['sora-2-pro', pro({})],
  ['sora-2-2025-12-08', film({})],
  ['sora-2-pro-2025-10-06', pro({})],
  ['sora2', film({})],
  ['sora-2-portrait-25s', film({ orientation: 'portrait', seconds: 25 })],
  ['sora-2-pro-landscape-hd-15s', pro({ orientation: 'landscape', seconds: 15, isLarge: true })],
  ['sora_video2', film({})],
  ['sora_video2-landscape', film({ orientation: 'landscape' })],
  ['sora_video2-15s', film({ seconds: 15 })],
  ['sora_video2-hd-portrait-15s', pro({ orientation: 'portrait', seconds: 15, isLarge: true })],
  ['sora_video2-pro-landscape-10s', pro({ orientation: 'landscape', seconds: 10 })],
  ['sora-video', film({})],
  ['sora-video-portrait-25s', film({ orientation: 'portrait', seconds: 25 })],
  ['sora-image', { work: 'image', modelClass: 'gpt-image' }],
  ['sora-image-portrait', { work: 'image', modelClass: 'gpt-image', orientation: 'portrait' }],
])('%s of others is understood', (id, said) => expect(readSoraName(id)).toEqual(said));

it.each([
  'sora',
  'sora-1',
  'sora2-hd-landscape-hd-10s',
  'sora2-landscape-99s',
  'sora2-landscape-0s',
  'sora2-diagonal-10s',
  'gpt-image-2',
  'gpt-image-1.5',
  'sora-2-mini',
  'veo-3.1',
  'my-sora-2',
])('%s is none of them', (id) => expect(readSoraName(id)).toBeUndefined());
