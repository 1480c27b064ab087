import type { ChatRequest, Message } from '@sluice/contracts/chat';
import type { JsonObject } from '@sluice/contracts/json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRequest } from './encode-request.js';
import { aliasTools } from './tool-aliases.js';

const HELLO: Message = { role: 'user', content: [{ type: 'text', text: 'Hello' }] };

function encode(request: Partial<ChatRequest>, model = 'gemini-3.5-flash'): JsonObject {
  const encoded = encodeRequest({ model: 'm', messages: [HELLO], ...request }, { model });
  return JSON.parse(JSON.stringify(encoded)) as JsonObject;
}

const contentsOf = (messages: Message[], model?: string) => encode({ messages }, model)['contents'];
const configOf = (request: Partial<ChatRequest>, model?: string) => encode(request, model)['generationConfig'];
const call = (id: string, name: string, signature?: string) => ({
  type: 'tool-call' as const,
  id,
  name,
  input: '{"a":1}',
  ...(signature !== undefined && { signature }),
});
const result = (toolCallId: string, text: string): Message => ({
  role: 'tool',
  toolCallId,
  content: [{ type: 'text', text }],
});

it('asks for nothing that nobody asked for', () => {
  expect(encode({})).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] });
});

describe('contents', () => {
  it('instructions of both kinds, wherever they stand, are one instruction; alone they are the question', () => {
    const system: Message = { role: 'system', content: [{ type: 'text', text: 'a' }] };
    const developer: Message = { role: 'developer', content: [{ type: 'text', text: 'b' }] };
    expect(encode({ messages: [system, HELLO, developer] })['systemInstruction']).toEqual({
      parts: [{ text: 'a' }, { text: 'b' }],
    });
    expect(encode({ messages: [system] })).toEqual({ contents: [{ role: 'user', parts: [{ text: 'a' }] }] });
  });

  it('turns alternate, beginning with the user', () => {
    const said: Message = { role: 'assistant', content: [{ type: 'text', text: 'b' }] };
    expect(contentsOf([said, said, HELLO, HELLO])).toEqual([
      { role: 'user', parts: [{ text: ' ' }] },
      { role: 'model', parts: [{ text: 'b' }, { text: 'b' }] },
      { role: 'user', parts: [{ text: 'Hello' }, { text: 'Hello' }] },
    ]);
  });

  it('results stand in one turn, in the order of the calls, by name, before what the user says', () => {
    const contents = contentsOf([
      HELLO,
      { role: 'assistant', content: [{ type: 'text', text: 'on it' }, call('1', 'f', 'c2ln'), call('2', 'g')] },
      result('2', '[1]'),
      result('1', '{"t":3}'),
      HELLO,
    ]);
    expect((contents as unknown[]).slice(1)).toEqual([
      {
        role: 'model',
        parts: [
          { text: 'on it' },
          { functionCall: { id: '1', name: 'f', args: { a: 1 } }, thoughtSignature: 'c2ln' },
          { functionCall: { id: '2', name: 'g', args: { a: 1 } } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: '1', name: 'f', response: { t: 3 } } },
          { functionResponse: { id: '2', name: 'g', response: { result: [1] } } },
          { text: 'Hello' },
        ],
      },
    ]);
  });

  it.each<[string, Partial<Extract<Message, { role: 'tool' }>>, object]>([
    ['snow', {}, { result: 'snow' }],
    ['gone', { isError: true }, { error: 'gone' }],
    ['', {}, { result: '' }],
  ])('a result %j is an object', (text, fields, response) => {
    const messages = [
      HELLO,
      { role: 'assistant', content: [call('1', 'f')] },
      { ...result('1', text), ...fields },
    ] as Message[];
    expect(contentsOf(messages)).toMatchObject([{}, {}, { parts: [{ functionResponse: { response } }] }]);
  });

  it.each([
    ['gemini-3.5-flash', [{ functionResponse: { parts: [{ inlineData: { data: 'AA' } }] } }]],
    ['gemini-2.5-flash', [{ functionResponse: { name: 'f' } }, { inlineData: { mimeType: 'image/png', data: 'AA' } }]],
  ])('a picture that a tool returned reaches %s', (model, parts) => {
    const image = { type: 'image' as const, source: { type: 'data' as const, mediaType: 'image/png', base64: 'AA' } };
    const messages: Message[] = [
      HELLO,
      { role: 'assistant', content: [call('1', 'f')] },
      { role: 'tool', toolCallId: '1', content: [image] },
    ];
    expect(contentsOf(messages, model)).toMatchObject([{}, {}, { parts }]);
  });

  it('media go inline, addresses as files, names that are not registered are mended', () => {
    const data = (mediaType: string) => ({ type: 'data' as const, mediaType, base64: 'AA' });
    const content: Message = {
      role: 'user',
      content: [
        { type: 'image', source: data('image/jpg') },
        { type: 'audio', source: data('audio/wav'), format: 'wav' },
        { type: 'file', source: data('application/pdf') },
        { type: 'image', source: { type: 'url', url: 'https://x/y.png' } },
        { type: 'file', source: { type: 'file', fileId: 'files/1', mediaType: 'video/mp4' } },
      ],
    };
    expect(contentsOf([content])).toEqual([
      {
        role: 'user',
        parts: [
          { inlineData: { mimeType: 'image/jpeg', data: 'AA' } },
          { inlineData: { mimeType: 'audio/wav', data: 'AA' } },
          { inlineData: { mimeType: 'application/pdf', data: 'AA' } },
          { fileData: { mimeType: 'image/png', fileUri: 'https://x/y.png' } },
          { fileData: { mimeType: 'video/mp4', fileUri: 'files/1' } },
        ],
      },
    ]);
  });
});

describe('pain point 3: Gemini 3 refuses calls without a thought signature', () => {
  const messages: Message[] = [HELLO, { role: 'assistant', content: [call('1', 'f'), call('2', 'f')] }];

  it('the first call of a turn that has none gets the word for it, the others none', () => {
    expect(contentsOf(messages)).toMatchObject([
      {},
      { parts: [{ thoughtSignature: 'skip_thought_signature_validator' }, { functionCall: { id: '2' } }] },
    ]);
    expect(JSON.stringify(contentsOf(messages)).match(/thoughtSignature/g)).toHaveLength(1);
  });

  it('older models are told nothing', () => {
    expect(JSON.stringify(contentsOf(messages, 'gemini-2.5-pro'))).not.toContain('thoughtSignature');
  });

  it('reasoning goes back with its own signature, and not with that of another vendor', () => {
    const reasoning = (signature: string): Message => ({
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'why', signature },
        { type: 'text', text: 'so' },
      ],
    });
    expect(contentsOf([HELLO, reasoning('gemini:c2ln')])).toMatchObject([
      {},
      { parts: [{ text: 'why', thought: true, thoughtSignature: 'c2ln' }, { text: 'so' }] },
    ]);
    expect(contentsOf([HELLO, reasoning('anthropic')])).toMatchObject([{}, { parts: [{ text: 'so' }] }]);
  });
});

describe('configuration', () => {
  it('carries what was asked', () => {
    expect(
      configOf({
        sampling: { temperature: 1, topP: 0.5, topK: 3, seed: 4, frequencyPenalty: 1, presencePenalty: 2 },
        maxOutputTokens: 9,
        stop: ['x'],
        choices: 2,
        logprobs: { top: 3 },
      }),
    ).toEqual({
      temperature: 1,
      topP: 0.5,
      topK: 3,
      seed: 4,
      frequencyPenalty: 1,
      presencePenalty: 2,
      maxOutputTokens: 9,
      stopSequences: ['x'],
      candidateCount: 2,
      responseLogprobs: true,
      logprobs: 3,
    });
  });

  it.each([
    ['gemini-2.5-flash', { effort: 'none' }, { thinkingBudget: 0 }],
    ['gemini-2.5-pro', { effort: 'none' }, { thinkingBudget: 128 }],
    ['gemini-2.5-pro', { budgetTokens: 0 }, { thinkingBudget: 128 }],
    ['gemini-2.5-flash-lite', { budgetTokens: 100 }, { thinkingBudget: 512, includeThoughts: true }],
    ['gemini-2.5-flash', { effort: 'max' }, { thinkingBudget: 24_576, includeThoughts: true }],
    ['gemini-2.5-pro', { effort: 'max' }, { thinkingBudget: 32_768, includeThoughts: true }],
    ['gemini-3.5-flash', { effort: 'none' }, { thinkingLevel: 'MINIMAL' }],
    ['gemini-3.8-flash', { effort: 'minimal' }, { thinkingLevel: 'LOW', includeThoughts: true }],
    ['gemini-3.1-pro-preview', { effort: 'none' }, { thinkingLevel: 'LOW' }],
    ['gemini-pro-latest', { effort: 'xhigh' }, { thinkingLevel: 'HIGH', includeThoughts: true }],
    ['gemini-3.5-flash', { budgetTokens: 8192 }, { thinkingLevel: 'MEDIUM', includeThoughts: true }],
    ['gemini-3.5-flash', { includeText: false }, { includeThoughts: false }],
  ] as const)('%s thinks by %j as %j', (model, reasoning, thinkingConfig) => {
    expect(configOf({ reasoning }, model)).toEqual({ thinkingConfig });
  });

  it('a model that cannot think is not asked to', () => {
    expect(configOf({ reasoning: { effort: 'high' } }, 'gemini-2.0-flash')).toBeUndefined();
  });

  it('pain point 7: a schema has no keyword that Gemini refuses, and keeps its meaning', () => {
    const schema = {
      $schema: 'x',
      type: 'object',
      additionalProperties: false,
      properties: {
        kind: { const: 'a' },
        list: { type: 'array', exclusiveMinimum: 1 },
        const: { type: 'string', pattern: 'x' },
        other: { allOf: [{ type: 'object', properties: { x: { $ref: '#/definitions/x' } } }, { required: ['x'] }] },
      },
      definitions: { x: { type: 'number', exclusiveMinimum: 0 } },
    };
    expect(configOf({ responseFormat: { type: 'json-schema', name: 'n', schema } })).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: {
        type: 'object',
        additionalProperties: false,
        properties: {
          kind: { enum: ['a'] },
          list: { type: 'array', items: {} },
          const: { type: 'string' },
          other: { type: 'object', properties: { x: { $ref: '#/$defs/x' } }, required: ['x'] },
        },
        $defs: { x: { type: 'number' } },
      },
    });
  });
});

describe('tools', () => {
  const inputSchema = { $schema: 'x', type: 'object', properties: {}, additionalProperties: false };
  const tool = { type: 'function' as const, name: 'f', description: 'd', inputSchema };

  it("a function's schema goes whole, where any JSON Schema is taken", () => {
    expect(encode({ tools: [tool], webSearch: {} })['tools']).toEqual([
      { functionDeclarations: [{ name: 'f', description: 'd', parametersJsonSchema: inputSchema }] },
      { googleSearch: {} },
    ]);
  });

  it.each([
    [{ type: 'auto' }, { mode: 'AUTO' }],
    [{ type: 'none' }, { mode: 'NONE' }],
    [{ type: 'required' }, { mode: 'ANY' }],
    [
      { type: 'tool', name: 'f' },
      { mode: 'ANY', allowedFunctionNames: ['f'] },
    ],
    [
      { type: 'allowed', mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
      { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
    ],
  ] as const)('%j is %j', (toolChoice, functionCallingConfig) => {
    const choice = structuredClone(toolChoice) as NonNullable<ChatRequest['toolChoice']>;
    expect(encode({ tools: [tool], toolChoice: choice })['toolConfig']).toEqual({ functionCallingConfig });
  });

  it('a name that Gemini refuses gets another, and comes back', () => {
    const request: ChatRequest = { model: 'm', messages: [HELLO], tools: [{ ...tool, name: '1/x' }] };
    const { request: aliased, restore } = aliasTools(request);
    const name = aliased.tools?.[0]?.name ?? '';
    expect(name).toMatch(/^[A-Za-z_][\w.:-]{0,63}$/);
    expect(restore({ type: 'tool-input-start', choice: 0, index: 0, id: 'a', name })).toMatchObject({ name: '1/x' });
  });
});

describe('a tool that takes free text', () => {
  const patch = { type: 'tool-call' as const, id: 'c', name: 'patch', input: '*** Begin', custom: true as const };
  const messages: Message[] = [HELLO, { role: 'assistant', content: [patch] }];
  const { request, restore } = aliasTools({ model: 'm', messages, tools: [{ type: 'custom', name: 'patch' }] });

  it('is a function with one argument', () => {
    expect(encode(request)).toMatchObject({
      contents: [{}, { parts: [{ functionCall: { name: 'patch', args: { input: '*** Begin' } } }] }],
      tools: [{ functionDeclarations: [{ name: 'patch', parametersJsonSchema: { required: ['input'] } }] }],
    });
  });

  it('is called with free text again', () => {
    const start = { type: 'tool-input-start' as const, choice: 0, index: 0, id: 'c', name: 'patch' };
    expect(restore(start)).toEqual({ ...start, custom: true });
    const delta = { type: 'tool-input-delta' as const, choice: 0, index: 0, delta: '{"input":"*** End"}' };
    expect(restore(delta)).toEqual({ ...delta, delta: '*** End' });
    expect(restore({ ...delta, index: 1 })).toEqual({ ...delta, index: 1 });
  });
});

it('a body of whatever fields goes on whole', () => {
  const field = fc.dictionary(fc.stringMatching(/^[a-z_]{1,9}$/), fc.jsonValue());
  fc.assert(
    fc.property(field, fc.array(field, { minLength: 1 }), (rest, parts) => {
      const native = {
        ...rest,
        contents: [
          { role: 'user', parts },
          { role: 'model', parts },
        ],
      } as JsonObject;
      const encoded = encodeRequest({ model: 'm', messages: [HELLO] }, { model: 'gemini-2.5-flash', native });
      expect(encoded).toEqual(native);
    }),
  );
});

it.each<[Partial<ChatRequest>, string]>([
  [{ tools: [{ type: 'custom', name: 'x' }] }, 'tools[0]'],
  [{ sampling: { logitBias: { 1: 2 } } }, 'logit_bias'],
])('what has no word is refused by name: %j', (request, param) => {
  expect(() => encode(request)).toThrow(
    expect.objectContaining({ data: expect.objectContaining({ code: 'unsupported', param }) }) as Error,
  );
});

it("an operator's own fields go beside, and win", () => {
  const providerOptions = {
    gemini: { cachedContent: 'cachedContents/1', generationConfig: { temperature: 2, imageConfig: {} } },
  };
  expect(encode({ providerOptions, sampling: { temperature: 1, topP: 1 } })).toMatchObject({
    cachedContent: 'cachedContents/1',
    generationConfig: { temperature: 2, topP: 1, imageConfig: {} },
  });
});

it('a body in this dialect goes on as it came', () => {
  const native = { contents: [{ role: 'user', parts: [{ text: 'x', video_metadata: { fps: 1 } }] }], what_is_new: [1] };
  expect(encodeRequest({ model: 'm', messages: [HELLO] }, { model: 'gemini-3.5-flash', native })).toEqual(native);
});

it('answers that Google’s client cut into events are one turn again', () => {
  const piece = (part: JsonObject) => ({ role: 'model', parts: [part] });
  const signed = { functionCall: { name: 'f', args: {} }, thoughtSignature: 'c2ln' };
  const user = { role: 'user', parts: [{ text: 'x' }] };
  const native = { contents: [user, piece({ text: 'why', thought: true }), piece(signed), user, user] };
  expect(encodeRequest({ model: 'm', messages: [HELLO] }, { model: 'gemini-3.5-flash', native })).toEqual({
    contents: [user, { role: 'model', parts: [{ text: 'why', thought: true }, signed] }, user, user],
  });
});
