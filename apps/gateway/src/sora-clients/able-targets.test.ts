import type { DurableInput } from '@sluice/contracts/durable-generation';
import type { JsonObject } from '@sluice/contracts/json';
import { expect, it } from 'vitest';
import { ableTargets } from './able-targets.js';

const SORA = { upstream: 'sora', model: 'sora-2' };
const VENDOR = { ...SORA, kind: 'videos-api' };
const SESSION = { ...SORA, kind: 'session' };
const VEO = { upstream: 'gemini', model: 'veo' };

const film = (sora: JsonObject): DurableInput => ({
  kind: 'video',
  request: { model: 'sora-2', prompt: 'a cat', providerOptions: { sora } },
});
const having = (...kinds: string[]) => ({ hasSora: (kind: string) => kinds.includes(kind) });

it('what everybody can do is left to all', () => {
  const targets = [VENDOR, VEO];
  expect(ableTargets(film({ seed: 5 }), targets, having())).toEqual(targets);
});

it('a style is for those who have a word for it', () => {
  expect(ableTargets(film({ style: 'anime' }), [VEO, VENDOR], having('videos-api'))).toEqual([VENDOR]);
  expect(ableTargets(film({ style: 'anime' }), [SORA], having('videos-api', 'session'))).toEqual([VENDOR, SESSION]);
});

it('scenes and posts are for the website alone, and refused by name where it is not there', () => {
  const both = film({ style: 'anime', storyboard: {} });
  expect(ableTargets(both, [VENDOR, SESSION, VEO], having('videos-api', 'session'))).toEqual([SESSION]);
  const refused = (param: string) =>
    expect.objectContaining({ code: 'unsupported', data: expect.objectContaining({ param }) });
  expect(() => ableTargets(both, [VENDOR, SORA], having('videos-api'))).toThrow(refused('storyboard'));
  expect(() => ableTargets(film({ remix_target_id: 's_1' }), [VEO], having())).toThrow(refused('remix_target_id'));
});

it('what another film is made from is at its account', () => {
  const { request } = film({ style: 'anime' }) as Extract<DurableInput, { kind: 'video' }>;
  const remix: DurableInput = {
    kind: 'video',
    request: { ...request, source: { relation: 'remix', generationId: 'gen_1' } },
  };
  expect(ableTargets(remix, [SORA], having('videos-api'))).toEqual([SORA]);
});

it('references with a word of what they show are for the website alone', () => {
  const media = { key: 'k', mediaType: 'image/png', bytes: 1 };
  const looking = (note?: object): DurableInput => ({
    kind: 'video',
    request: { model: 'sora-2', prompt: 'a cat', references: [{ role: 'reference', media, ...(note && { note }) }] },
  });
  const targets = [VEO, VENDOR, SESSION];
  expect(ableTargets(looking(), targets, having('session'))).toEqual(targets);
  expect(ableTargets(looking({ type: 'style' }), targets, having('session'))).toEqual([SESSION]);
  expect(() => ableTargets(looking({ name: 'Tom' }), [VEO], having())).toThrow(
    expect.objectContaining({ code: 'unsupported', data: expect.objectContaining({ param: 'references' }) }),
  );
});

it('a character of a film and a name is for both, and one of whom more is said for a session', () => {
  const media = { key: 'k', mediaType: 'video/mp4', bytes: 1 };
  const character = (more: object): DurableInput => ({
    kind: 'character',
    request: { model: 'avatar-create', from: { type: 'film', media }, ...more },
  });
  const both = having('videos-api', 'session');
  expect(ableTargets(character({ displayName: 'Rex', isPublic: false }), [SESSION, VENDOR], both)).toHaveLength(2);
  for (const more of [{ username: 'rex' }, { isPublic: true }, { from: { type: 'draft', id: 'gen_1' } }])
    expect(ableTargets(character(more), [SESSION, VENDOR], both)).toEqual([SESSION]);
  const alone = () => ableTargets(character({ username: 'rex' }), [VENDOR], having('videos-api'));
  expect(alone).toThrow(expect.objectContaining({ data: expect.objectContaining({ param: 'username' }) }));
});
