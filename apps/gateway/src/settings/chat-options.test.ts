import type { GenerationInput } from '@sluice/contracts/generation';
import { ModelOffer } from '@sluice/domain-routing/model-offer';
import { SETTINGS, type SettingName } from '@sluice/domain-settings/setting-catalogue';
import { describe, expect, test } from 'vitest';
import type { CallContext } from '../http/call-context.js';
import type { DecodedCall } from '../generations/dialect-endpoint.js';
import { generateEndpoint } from '../gemini/generate.endpoint.js';
import { chatEndpoint } from '../openai/chat.endpoint.js';
import { createChatOptions } from './chat-options.js';

const CONTEXT: CallContext = { keyId: 'k', requestId: 'r', traceparent: '', deadlineMs: 1, bodyBytes: 1 };
const KNOWN = new Set(['gemini-2.5-flash', 'gemini-2.5-flash-image']);
const SUFFIXES = [
  { suffix: '-search', models: ['gemini-*'], apply: { tools: ['google_search'], sources: 'append' } },
  { suffix: '-image', models: ['gemini-*'], apply: { responseModalities: ['TEXT', 'IMAGE'], system: 'drop' } },
  { suffix: '-non-thinking', models: ['gemini-*'], apply: { reasoning: { effort: 'none' } } },
];

function apply(
  call: DecodedCall,
  values: Partial<Record<SettingName, unknown>> = { MODEL_SUFFIXES: SUFFIXES },
): DecodedCall {
  const get = (name: SettingName) => SETTINGS[name].schema.parse(values[name] ?? SETTINGS[name].initial) as never;
  const around = createChatOptions({
    offer: new ModelOffer({ get }),
    resolver: { isKnown: (name) => KNOWN.has(name) },
  });
  const done = around(call, { context: CONTEXT, body: {}, header: () => undefined });
  if (done instanceof Promise) throw new Error('nothing is looked up');
  return done;
}

function chatOf({ input }: DecodedCall): Extract<GenerationInput, { kind: 'chat' }> {
  if (input.kind !== 'chat') throw new Error('no chat');
  return input;
}

function openai(model: string, more: object = {}): DecodedCall {
  const decoded = chatEndpoint({ model, messages: [{ role: 'user', content: 'hi' }], own: 1, ...more }, CONTEXT);
  if (decoded instanceof Promise) throw new Error('nothing is looked up');
  return decoded;
}

function gemini(model: string, more: object = {}): DecodedCall {
  const body = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }], ...more };
  const decoded = generateEndpoint({ model, form: 'sse' })(body, CONTEXT);
  if (decoded instanceof Promise) throw new Error('nothing is looked up');
  return decoded;
}

describe('a suffix', () => {
  test('in the words of OpenAI: nothing else of the body is touched', () => {
    const { input, telling } = apply(openai('gemini-2.5-flash-search-non-thinking', { reasoning_effort: 'high' }));
    const { request, native } = chatOf({ input } as DecodedCall);
    expect(request).toMatchObject({ model: 'gemini-2.5-flash', webSearch: {}, reasoning: { effort: 'none' } });
    expect(native?.body).toMatchObject({ own: 1, reasoning_effort: 'none', web_search_options: {} });
    expect(telling).toEqual({ isGathered: false, showsSources: true });
  });

  test('in the words of Gemini, for the worker to fit to its model', () => {
    const call = apply(
      gemini('gemini-2.5-flash-search-non-thinking', { generationConfig: { seed: 3 }, labels: { a: 'b' } }),
    );
    expect(chatOf(call).native).toMatchObject({
      body: { tools: [{ googleSearch: {} }], generationConfig: { seed: 3 }, labels: { a: 'b' } },
      reasoning: { effort: 'none' },
    });
  });

  test('of a real model is its name', () => {
    const call = gemini('gemini-2.5-flash-image', { systemInstruction: { parts: [{ text: 'kept' }] } });
    expect(apply(call)).toBe(call);
  });
});

test('without settings a call is the same', () => {
  const call = openai('gemini-2.5-flash-search');
  expect(apply(call, {})).toBe(call);
});

test('a hidden name is not read as another', () => {
  const call = openai('gemini-2.5-flash-search');
  expect(apply(call, { MODEL_SUFFIXES: SUFFIXES, FILTERED_MODELS: ['*-search'] })).toBe(call);
});

test("pain point of Gemini Balance: the operator's safety settings never replace the client's", () => {
  const own = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_LOW_AND_ABOVE' }];
  const usual = ['HARM_CATEGORY_HARASSMENT', 'HARM_CATEGORY_HATE_SPEECH'].map((category) => ({
    category,
    threshold: 'OFF',
  }));
  const call = apply(gemini('gemini-2.5-flash', { safetySettings: own }), {
    MODEL_OPTIONS: [{ models: ['gemini-*'], apply: { safetySettings: usual } }],
  });
  expect(chatOf(call).native?.body['safetySettings']).toEqual([...own, usual[1]]);
});
