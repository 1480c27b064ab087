import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatOptions } from '@sluice/domain-settings/chat-options';
import { describe, expect, test } from 'vitest';
import { applyChatOptions } from './apply-chat-options.js';

const ASKING: ChatRequest = {
  model: 'gemini-2.5-flash',
  messages: [
    { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
    { role: 'user', content: [{ type: 'text', text: 'hello' }] },
  ],
};
const WEATHER = { type: 'function' as const, name: 'weather' };

const asking = (options: ChatOptions, request: Partial<ChatRequest> = {}) =>
  applyChatOptions({ ...ASKING, ...request }, { asked: [options], defaults: {} });
const byDefault = (options: ChatOptions, request: Partial<ChatRequest> = {}) =>
  applyChatOptions({ ...ASKING, ...request }, { asked: [], defaults: options });

describe('tools', () => {
  test('the search has a word of its own, the others are of Gemini', () => {
    const { request, fields } = asking({ tools: ['google_search', 'url_context', 'code_execution'] });
    expect(request.webSearch).toEqual({});
    expect(request.providerOptions?.['gemini']).toEqual({ tools: [{ urlContext: {} }, { codeExecution: {} }] });
    expect(fields.tools).toEqual([{ googleSearch: {} }, { urlContext: {} }, { codeExecution: {} }]);
  });

  test('a suffix adds to the defaults', () => {
    const { fields } = applyChatOptions(ASKING, {
      asked: [{ tools: ['google_search'] }],
      defaults: { tools: ['code_execution'] },
    });
    expect(fields.tools).toEqual([{ codeExecution: {} }, { googleSearch: {} }]);
  });

  test('pain point 3 of Gemini Balance: none is added beside functions or to JSON, which models refuse', () => {
    for (const request of [{ tools: [WEATHER] }, { responseFormat: { type: 'json' as const } }]) {
      const applied = asking({ tools: ['google_search', 'code_execution'] }, request);
      expect(applied.fields.tools).toEqual([]);
      expect(applied.request).not.toHaveProperty('webSearch');
    }
  });

  test('code is not run on what is no text', () => {
    const image = { type: 'image' as const, source: { type: 'url' as const, url: 'https://a.example/b.png' } };
    const { fields } = byDefault(
      { tools: ['code_execution', 'url_context'] },
      { messages: [{ role: 'user', content: [image] }] },
    );
    expect(fields.tools).toEqual([{ urlContext: {} }]);
  });

  test("the client's own search gives way to its functions only where the operator says so", () => {
    const own = { tools: [WEATHER], webSearch: {} };
    expect(byDefault({ functions: 'alone' }, own).request).not.toHaveProperty('webSearch');
    expect(byDefault({ functions: 'alone' }, own).fields.dropsBuiltIn).toBe(true);
    expect(byDefault({ functions: 'beside' }, own).request.webSearch).toEqual({});
  });

  test('a function called googleSearch is the search', () => {
    const search = { type: 'function' as const, name: 'googleSearch' };
    const { request } = byDefault(
      { searchFunction: 'googleSearch' },
      { tools: [search], toolChoice: { type: 'tool', name: 'googleSearch' } },
    );
    expect(request).toEqual({ ...ASKING, webSearch: {} });
    expect(byDefault({ searchFunction: 'googleSearch' }, { tools: [search, WEATHER] }).request).toMatchObject({
      tools: [WEATHER],
      webSearch: {},
    });
    expect(byDefault({}, { tools: [search] }).request.tools).toEqual([search]);
  });
});

describe('thinking', () => {
  const none = { reasoning: { effort: 'none' as const } };
  test("a suffix is the client's own word, and counts", () => {
    expect(asking(none, { reasoning: { effort: 'high' } }).request.reasoning).toEqual({ effort: 'none' });
  });

  test('pain point 2 of Gemini Balance: a budget holds where the client says none, and its own is passed on', () => {
    const budget = { reasoning: { budgetTokens: 512, includeText: true } };
    expect(byDefault(budget).request.reasoning).toEqual({ budgetTokens: 512, includeText: true });
    expect(byDefault(budget, { reasoning: { budgetTokens: 9 } })).not.toHaveProperty('reasoning');
    expect(byDefault(budget, { reasoning: { includeText: false } }).reasoning).toEqual({
      budgetTokens: 512,
      includeText: false,
    });
  });
});

test('modalities, safety and instructions', () => {
  const safetySettings = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }];
  const { request, fields } = asking({ responseModalities: ['TEXT', 'IMAGE'], system: 'drop', safetySettings });
  expect(request.messages.map(({ role }) => role)).toEqual(['user']);
  expect(request.providerOptions?.['gemini']).toEqual({
    safetySettings,
    generationConfig: { responseModalities: ['TEXT', 'IMAGE'] },
  });
  expect(fields).toMatchObject({ dropsSystem: true, keepsModalities: false, safetySettings });
  expect(byDefault({ responseModalities: ['TEXT'] }).fields.keepsModalities).toBe(true);
});
