import { describe, expect, test } from 'vitest';
import { encodeRequest } from './encode-request.js';
import { extendBody } from './extend-body.js';

const HARASSMENT = { category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' };
const HATE = { category: 'HARM_CATEGORY_HATE_SPEECH', threshold: 'OFF' };
const BODY = {
  contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
  system_instruction: { parts: [{ text: 'Be brief.' }] },
  safetySettings: [{ ...HATE, threshold: 'BLOCK_LOW_AND_ABOVE' }],
  generation_config: { seed: 7, media_resolution: 'LOW', thinkingConfig: { thinkingBudget: 5 } },
  labels: { own_label: 'x' },
  anything_else: { some_thing: [1] },
};

test('nothing that the client said is lost', () => {
  const extended = extendBody(BODY, {
    tools: [{ googleSearch: {} }],
    safetySettings: [HATE, HARASSMENT],
    responseModalities: ['TEXT', 'IMAGE'],
  });
  expect(extended).toEqual({
    contents: BODY.contents,
    systemInstruction: BODY.system_instruction,
    safetySettings: [BODY.safetySettings[0], HARASSMENT],
    generationConfig: {
      seed: 7,
      mediaResolution: 'LOW',
      thinkingConfig: { thinkingBudget: 5 },
      responseModalities: ['TEXT', 'IMAGE'],
    },
    labels: { own_label: 'x' },
    anythingElse: { someThing: [1] },
    tools: [{ googleSearch: {} }],
  });
});

describe('tools', () => {
  const functions = { functionDeclarations: [{ name: 'f' }] };
  test('are not added twice', () => {
    expect(extendBody({ tools: [{ google_search: {} }] }, { tools: [{ googleSearch: {} }] })['tools']).toEqual([
      { googleSearch: {} },
    ]);
  });
  test('that are built in leave where functions are to be alone', () => {
    const tools = [{ codeExecution: {} }, { ...functions, googleSearch: {} }];
    expect(extendBody({ tools }, { dropsBuiltIn: true })['tools']).toEqual([functions]);
  });
});

test("the client's modalities win over defaults; instructions go where the model refuses them", () => {
  const own = { generationConfig: { responseModalities: ['AUDIO'] }, systemInstruction: { parts: [] } };
  expect(extendBody(own, { responseModalities: ['TEXT'], keepsModalities: true })).toEqual(own);
  expect(extendBody(own, { dropsSystem: true })).toEqual({ generationConfig: own.generationConfig });
});

describe('mistake 8: a budget that the model refuses is never sent', () => {
  const asked = (model: string, reasoning: object) =>
    encodeRequest({ model, messages: [] }, { model, native: BODY, reasoning })['generationConfig'];

  test.each([
    ['gemini-2.5-pro', { effort: 'none' }, { thinkingBudget: 128 }],
    ['gemini-2.5-flash', { effort: 'none' }, { thinkingBudget: 0 }],
    ['gemini-2.5-flash-lite', { budgetTokens: 100 }, { thinkingBudget: 512 }],
    ['gemini-2.5-flash', { budgetTokens: 32_767 }, { thinkingBudget: 24_576 }],
    ['gemini-2.5-pro', { budgetTokens: -1 }, { thinkingBudget: -1 }],
    ['gemini-3.1-pro-preview', { budgetTokens: 0 }, { thinkingLevel: 'LOW' }],
    ['gemini-3.8-flash', { effort: 'none' }, { thinkingLevel: 'LOW' }],
    ['gemini-3.5-flash', { effort: 'none' }, { thinkingLevel: 'MINIMAL' }],
  ])('%s, %j', (model, reasoning, thinking) => {
    expect(asked(model, reasoning)).toEqual({
      seed: 7,
      mediaResolution: 'LOW',
      thinkingConfig: { ...thinking, includeThoughts: false },
    });
  });

  test('a model that cannot think is asked nothing of it', () => {
    expect(asked('gemini-2.0-flash', { effort: 'none' })).toBeUndefined();
  });
});
