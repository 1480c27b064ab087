import type { DurableGeneration } from '@sluice/contracts/durable-generation';
import { describe, expect, it } from 'vitest';
import { showCharacter } from '../media-chat/show-character.js';
import { findCharacters } from '../videos/find-characters.js';
import { type CharacterBody, characterSchema } from './character-body.js';
import { type Character, toCharacterView, toOfficialCharacter } from './character-view.js';
import { hidden, readCharacterWish } from './character-wish.js';
import { toCharacterCall } from './to-character-call.js';

const DIGITS = '0123456789ab'.padEnd(32, '0');
const media = { key: 'k', mediaType: 'video/mp4', bytes: 1 };

function read(body: Partial<CharacterBody>) {
  return readCharacterWish(characterSchema.parse({ video_url: 'https://a.test/b.mp4', ...body }));
}

const BASE = {
  id: `gen_${DIGITS}`,
  ownerKeyId: 'key',
  dialect: 'openai-videos',
  model: 'avatar-create',
  state: 'succeeded',
  status: 'succeeded',
  progress: 100,
  attempt: 1,
  upstream: 'sora',
  upstreamModel: 'avatar-create',
  credentialId: 'cred_1',
  operation: { id: 'cameo_1', acceptedAtMs: 1, characterId: 'ch_1' },
  files: [],
  facts: {
    kind: 'session',
    characterId: 'ch_1',
    cameoId: 'cameo_1',
    username: 'rex',
    displayName: 'Rex',
    public: true,
  },
  isCancelling: false,
  createdAtMs: 5_000,
  lastSequence: 3,
  version: 2,
} as const;
const MADE = {
  ...BASE,
  kind: 'character',
  input: { kind: 'character', request: { model: 'avatar-create', from: { type: 'film', media } } },
} as const;
const CHARACTER: Character = MADE;
/** As a look-up by id gives it. */
const FOUND: DurableGeneration = MADE;

function video(facts: DurableGeneration['facts']): DurableGeneration {
  const input = { kind: 'video' as const, request: { model: 'sora-2', prompt: 'x' } };
  return { ...BASE, kind: 'video', input, facts, files: [{ role: 'result', media, sha256: 'digest' }] };
}

describe('what a client says of a character', () => {
  it('has one meaning in all spellings', () => {
    const said = {
      username: '@rex',
      name: 'Rex',
      timestamps: '1,4.5',
      visibility: 'private',
      instruction_set: ' barks ',
    };
    const nested = {
      username: 'rex',
      display_name: 'Rex',
      timestamps: [1, 4.5],
      public: false,
      instruction_set: 'barks',
    };
    const { request } = read(characterSchema.parse(said));
    expect(request).toEqual({
      model: 'avatar-create',
      username: 'rex',
      displayName: 'Rex',
      timestamps: [1, 4.5],
      instructions: 'barks',
      isPublic: false,
    });
    expect(read(characterSchema.parse({ character_options: nested })).request).toEqual(request);
  });

  it.each<[Partial<CharacterBody>, string]>([
    [{ display_name: 'Rex', name: 'Max' }, 'name'],
    [{ username: 'rex', character_options: { username: 'max' } }, 'character_options.username'],
    [{ public: true, visibility: 'private' }, 'visibility'],
    [{ timestamps: '3' }, 'timestamps'],
    [{ timestamps: [-1, 3] }, 'timestamps'],
    [{ video: 'https://a.test/c.mp4' }, 'video_url'],
  ])('%j is refused as %s', (body, param) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ data: expect.objectContaining({ param }) }) as Error);
  });

  it.each([
    [`video_${DIGITS}`, { type: 'video', generationId: `gen_${DIGITS}` }],
    [
      `https://here.test/media/generations/gen_${DIGITS}/1-0.mp4?expires=1`,
      { type: 'video', generationId: `gen_${DIGITS}` },
    ],
    ['gen_01ABCdef', { type: 'draft', id: 'gen_01ABCdef' }],
    ['https://a.test/b.mp4', { type: 'media', film: { field: 'video_url', accept: 'video' } }],
    [`data:video/mp4;base64,gen_${DIGITS}`, { type: 'media' }],
  ])('%s is found', (url, from) => {
    expect(read({ video_url: url }).from).toMatchObject(from);
  });
});

it('is hidden from others unless it says other', () => {
  expect(hidden(read({})).request.isPublic).toBe(false);
  expect(hidden(read({ visibility: 'public' })).request.isPublic).toBe(true);
  expect(read({}).request).not.toHaveProperty('isPublic');
});

describe('a video made here', () => {
  const wish = { request: { model: 'm' }, from: { type: 'video' as const, field: 'video_id', generationId: BASE.id } };

  it('that lies as a draft with its account is looked at there', () => {
    const { call } = toCharacterCall(wish, { video: video({ draft: 'gen_d' }), film: undefined });
    expect(call).toMatchObject({
      input: { request: { from: { type: 'draft', id: 'gen_d' } } },
      pinned: { credentialId: 'cred_1', target: { upstream: 'sora', model: 'avatar-create' } },
      reservation: { unit: 'character', amount: 1 },
    });
  });

  it('by anybody else is a film for whoever can', () => {
    const { call } = toCharacterCall(wish, { video: video({}), film: undefined });
    expect(call.pinned).toBeUndefined();
    expect(call.input).toMatchObject({ request: { from: { type: 'film', media, generationId: BASE.id } } });
  });
});

it('a character is told as gateways of Sora did, as OpenAI does, and in a conversation by one line for programs', () => {
  expect(toCharacterView(CHARACTER, 'https://here.test/p')).toMatchObject({
    id: `char_${DIGITS}`,
    status: 'ready',
    username: 'rex',
    character_id: 'ch_1',
    profile_url: 'https://here.test/p',
    created_at: 5,
    error: null,
  });
  expect(toOfficialCharacter(CHARACTER)).toEqual({ id: `char_${DIGITS}`, name: 'Rex', created_at: 5 });
  const [line = '', words] = showCharacter(CHARACTER, () => '');
  expect(line.endsWith('}\n')).toBe(true);
  expect(JSON.parse(line)).toEqual({
    event: 'character_card',
    card: {
      id: `char_${DIGITS}`,
      username: 'rex',
      display_name: 'Rex',
      character_id: 'ch_1',
      cameo_id: 'cameo_1',
      profile_asset_url: null,
      instruction_set: null,
      public: true,
      source_model: 'avatar-create',
      created_at: 5,
    },
  });
  expect(words).toContain('@rex');
});

describe('those who are to appear', () => {
  const wishes = [0, 1].map((index) => ({ field: `characters[${index}]`, generationId: BASE.id }));
  const targets = () => [
    { upstream: 'sora', model: 'sim', kind: 'videos-api' },
    { upstream: 'sora', model: 'sora-2', kind: 'session' },
  ];
  const anywhere = { targets, credentialId: undefined };

  it('appear at the account that holds them, by whatever of its sort serves the model', () => {
    expect(findCharacters(wishes, [FOUND, FOUND], anywhere)).toMatchObject({
      characters: [{ operation: { characterId: 'ch_1' } }, {}],
      pinned: { credentialId: 'cred_1', target: { model: 'sora-2', kind: 'session' } },
    });
    expect(findCharacters([], [], anywhere)).toBeUndefined();
  });

  it.each<[string, (DurableGeneration | undefined)[], { code: string; param: string }]>([
    ['nobody', [undefined], { code: 'not_found', param: 'characters[0]' }],
    ['a video', [video({})], { code: 'not_found', param: 'characters[0]' }],
    ['one on the way', [{ ...FOUND, status: 'running' }], { code: 'not_ready', param: 'characters[0]' }],
    ['a failed one', [{ ...FOUND, status: 'failed' }], { code: 'invalid_request', param: 'characters[0]' }],
    [
      'one elsewhere',
      [FOUND, { ...FOUND, credentialId: 'cred_2' }],
      { code: 'invalid_request', param: 'characters[1]' },
    ],
  ])('%s does not', (_who, found, error) => {
    const refused = () => findCharacters(wishes.slice(0, found.length), found, anywhere);
    expect(refused).toThrow(expect.objectContaining({ data: expect.objectContaining(error) }) as Error);
  });

  it('do not where the video starts from one in another account, or its model is not there', () => {
    const elsewhere = { targets, credentialId: 'cred_2' };
    expect(() => findCharacters(wishes.slice(1), [FOUND], elsewhere)).toThrow(/another account/);
    const veo = { targets: () => [{ upstream: 'gemini', model: 'veo' }], credentialId: undefined };
    expect(() => findCharacters(wishes.slice(1), [FOUND], veo)).toThrow(/does not serve this model/);
  });
});
