import { modelSuffixesSchema } from '@sluice/domain-settings/chat-options';
import { SETTINGS, type SettingName } from '@sluice/domain-settings/setting-catalogue';
import { describe, expect, test } from 'vitest';
import { ModelOffer } from './model-offer.js';

function offerOf(values: Partial<Record<SettingName, unknown>>): ModelOffer {
  return new ModelOffer({
    get: (name) => (name in values ? SETTINGS[name].schema.parse(values[name]) : SETTINGS[name].initial) as never,
  });
}

const RULES = [
  { suffix: '-search', models: ['gemini-*'], apply: { tools: ['google_search'] } },
  { suffix: '-image', models: ['gemini-*', 'unread-model'], apply: { responseModalities: ['TEXT', 'IMAGE'] } },
  { suffix: '-non-thinking', models: ['gemini-*'], isListed: false, apply: { reasoning: { effort: 'none' } } },
];
const KNOWN = new Set(['gemini-2.5-flash', 'gemini-2.5-flash-image', 'gemini-3-search', 'claude']);
const isKnown = (name: string) => KNOWN.has(name);

describe('suffixes', () => {
  const offer = offerOf({ MODEL_SUFFIXES: RULES });
  const read = (name: string) => offer.read(name, isKnown);

  test('stand for the model without them, and what they ask', () => {
    expect(read('gemini-2.5-flash-search')).toEqual({
      model: 'gemini-2.5-flash',
      asked: [{ tools: ['google_search'] }],
    });
    expect(read('gemini-2.5-flash')).toEqual({ model: 'gemini-2.5-flash', asked: [] });
  });

  test('mistake 6: a real model is never made uncallable by its name', () => {
    for (const model of ['gemini-2.5-flash-image', 'gemini-3-search'])
      expect(read(model)).toEqual({ model, asked: [] });
    expect(read('gemini-2.5-flash-image-search')).toMatchObject({ model: 'gemini-2.5-flash-image' });
  });

  test.each(['gemini-2.5-flash-search-non-thinking', 'gemini-2.5-flash-non-thinking-search'])(
    'mistake 7: two of them in any order: %s',
    (name) => {
      const { model, asked } = read(name);
      expect(model).toBe('gemini-2.5-flash');
      expect(Object.assign({}, ...asked)).toEqual({ tools: ['google_search'], reasoning: { effort: 'none' } });
    },
  );

  test('say nothing of models that no rule names, of unknown ones, and nothing twice', () => {
    for (const name of ['claude-search', 'nobody-search', 'gemini-2.5-flash-search-search', '-search'])
      expect(read(name)).toEqual({ model: name, asked: [] });
  });

  test('a model that a rule names is one, though its list was never read', () => {
    expect(read('unread-model-image').model).toBe('unread-model');
    expect(read('unread-model-search').model).toBe('unread-model-search');
  });

  test('are listed where the rule says so', () => {
    expect(offer.namesOf('gemini-2.5-flash')).toEqual(['gemini-2.5-flash-search', 'gemini-2.5-flash-image']);
    expect(offer.namesOf('claude')).toEqual([]);
  });
});

test('later rows of options count more, field by field', () => {
  const offer = offerOf({
    MODEL_OPTIONS: [
      { models: ['gemini-*'], apply: { sources: 'append', upstreamStream: 'gathered' } },
      { models: ['gemini-2.5-*'], apply: { upstreamStream: 'live' } },
    ],
  });
  expect(offer.defaultsOf('gemini-2.5-pro')).toEqual({ sources: 'append', upstreamStream: 'live' });
  expect(offer.defaultsOf('gpt')).toEqual({});
});

test('what is filtered is hidden by its name', () => {
  const offer = offerOf({ FILTERED_MODELS: ['gemini-1.*', 'old'] });
  expect(['gemini-1.5-pro', 'old', 'gemini-2.5-pro', 'older'].map((name) => offer.hides(name))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test.each([[[{ suffix: 'search', models: ['*'] }]], [[{ suffix: '-a', models: [] }]], [[RULES[0], RULES[0]]]])(
  'a rule that is none is refused: %j',
  (rules) => expect(modelSuffixesSchema.safeParse(rules).success).toBe(false),
);
