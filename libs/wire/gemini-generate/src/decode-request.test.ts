import { GatewayError } from '@sluice/contracts/gateway-error';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBatchEmbedRequest, decodeEmbedRequest } from './decode-embed-request.js';
import { decodeCountRequest, decodeRequest } from './decode-request.js';

const HELLO = { role: 'user', parts: [{ text: 'Hello' }] };
const TURN = { role: 'user', content: [{ type: 'text', text: 'Hello' }] };

const decode = (body: object) => decodeRequest({ contents: [HELLO], ...body }, { model: 'm' });
const messagesOf = (...contents: object[]) => decodeRequest({ contents }, { model: 'm' }).request.messages;

function failure(body: unknown): GatewayError {
  try {
    decodeRequest(body, { model: 'm' });
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error('no failure');
}

describe('configuration', () => {
  it.each<[object, object]>([
    [{ temperature: 1, topP: 0.5, topK: 3, seed: 4 }, { sampling: { temperature: 1, topP: 0.5, topK: 3, seed: 4 } }],
    [{ presencePenalty: 1, frequencyPenalty: 2 }, { sampling: { presencePenalty: 1, frequencyPenalty: 2 } }],
    [{ maxOutputTokens: 9 }, { maxOutputTokens: 9 }],
    [{ stopSequences: ['x'] }, { stop: ['x'] }],
    [{ candidateCount: 2 }, { choices: 2 }],
    [{ responseLogprobs: true, logprobs: 3 }, { logprobs: { top: 3 } }],
    [{ responseMimeType: 'application/json' }, { responseFormat: { type: 'json' } }],
    [
      { responseMimeType: 'application/json', responseJsonSchema: { type: 'object' } },
      { responseFormat: { type: 'json-schema', name: 'answer', schema: { type: 'object' } } },
    ],
    [{ thinkingConfig: { thinkingLevel: 'LOW' } }, { reasoning: { effort: 'low' } }],
    [{ thinkingConfig: { thinkingBudget: 0 } }, { reasoning: { budgetTokens: 0 } }],
    [{ thinkingConfig: { thinkingBudget: -1, includeThoughts: true } }, { reasoning: { includeText: true } }],
  ])('%j is %j', (generationConfig, expected) => {
    const { request, ignored, nativeOnly } = decode({ generationConfig });
    expect(request).toEqual({ model: 'm', messages: [TURN], ...expected });
    expect([ignored, nativeOnly]).toEqual([[], []]);
  });

  it("Google's schema becomes JSON Schema, in either spelling", () => {
    const responseSchema = {
      type: 'OBJECT',
      nullable: true,
      property_ordering: ['a'],
      properties: { a_b: { type: 'ARRAY', minItems: '2', items: { type: 'STRING', enum: ['x'], nullable: true } } },
    };
    expect(decode({ generation_config: { response_schema: responseSchema } }).request.responseFormat).toMatchObject({
      schema: {
        type: ['object', 'null'],
        properties: { a_b: { type: 'array', minItems: 2, items: { type: ['string', 'null'], enum: ['x', null] } } },
      },
    });
  });
});

describe('tools', () => {
  it.each([
    [{ parameters: { type: 'OBJECT' } }, { inputSchema: { type: 'object' } }],
    [{ parametersJsonSchema: { $schema: 'x' } }, { inputSchema: { $schema: 'x' } }],
    [{}, {}],
  ])('a function with %j', (fields, expected) => {
    const tools = [{ functionDeclarations: [{ name: 'f', ...fields }] }, { googleSearch: {} }];
    const { request } = decode({ tools });
    expect([request.tools, request.webSearch]).toEqual([[{ type: 'function', name: 'f', ...expected }], {}]);
  });

  it.each([
    ['AUTO', [], { type: 'auto' }],
    ['NONE', [], { type: 'none' }],
    ['ANY', [], { type: 'required' }],
    ['ANY', ['f'], { type: 'tool', name: 'f' }],
    ['ANY', ['f', 'g'], { type: 'allowed', mode: 'required' }],
    ['VALIDATED', [], { type: 'auto' }],
  ])('%s %j is %j', (mode, allowedFunctionNames, expected) => {
    const toolConfig = { functionCallingConfig: { mode, allowedFunctionNames } };
    const { request } = decode({ tools: [{ functionDeclarations: [{ name: 'f' }] }], toolConfig });
    expect(request.toolChoice).toMatchObject(expected);
  });
});

describe('conversation', () => {
  it('the instruction comes first, as an object or a string', () => {
    for (const systemInstruction of ['a', { parts: [{ text: 'a' }] }, { role: 'user', parts: { text: 'a' } }])
      expect(decode({ systemInstruction }).request.messages[0]).toEqual({
        role: 'system',
        content: [{ type: 'text', text: 'a' }],
      });
  });

  it('media of all kinds go in', () => {
    const blob = (mimeType: string) => ({ inlineData: { mimeType, data: 'AA' } });
    const [message] = messagesOf({
      parts: [blob('image/png'), blob('audio/mpeg'), blob('application/pdf'), { fileData: { fileUri: 'https://x/y' } }],
    });
    expect(message?.content).toEqual([
      { type: 'image', source: { type: 'data', mediaType: 'image/png', base64: 'AA' } },
      { type: 'audio', format: 'mp3', source: { type: 'data', mediaType: 'audio/mpeg', base64: 'AA' } },
      { type: 'file', source: { type: 'data', mediaType: 'application/pdf', base64: 'AA' } },
      { type: 'file', source: { type: 'url', url: 'https://x/y' } },
    ]);
  });

  it('calls and results find each other, by id, else by name and order', () => {
    const call = (name: string, id?: string) => ({ functionCall: { name, args: { a: 1 }, ...(id && { id }) } });
    const response = (name: string, value: object, id?: string) => ({
      functionResponse: { name, response: value, ...(id && { id }) },
    });
    const messages = messagesOf(
      HELLO,
      { role: 'model', parts: [{ ...call('f'), thoughtSignature: 'c2ln' }, call('f'), call('g', 'own')] },
      {
        parts: [
          { text: 'and?' },
          response('g', { x: 1 }, 'own'),
          response('f', { output: 'one' }),
          response('f', { error: 'two' }),
        ],
      },
    );
    expect(messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'tool-call', id: 'call_1_f', name: 'f', input: '{"a":1}', signature: 'c2ln' },
          { type: 'tool-call', id: 'call_2_f', name: 'f', input: '{"a":1}' },
          { type: 'tool-call', id: 'own', name: 'g', input: '{"a":1}' },
        ],
      },
      { role: 'tool', toolCallId: 'own', name: 'g', content: [{ type: 'text', text: '{"x":1}' }] },
      { role: 'tool', toolCallId: 'call_1_f', name: 'f', content: [{ type: 'text', text: 'one' }] },
      { role: 'tool', toolCallId: 'call_2_f', name: 'f', content: [{ type: 'text', text: 'two' }], isError: true },
      { role: 'user', content: [{ type: 'text', text: 'and?' }] },
    ]);
  });

  it('pieces of an answer that a client kept apart are one answer', () => {
    const piece = (text: string) => ({ role: 'model', parts: [{ text }] });
    expect(messagesOf(HELLO, piece('a'), piece('b'), piece(''))[1]?.content).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]);
  });

  it('thoughts and pictures of the model go in with their signatures, marked as Gemini’s', () => {
    const parts = [
      { text: 'why', thought: true, thoughtSignature: 'c2ln' },
      { inlineData: { mimeType: 'image/png', data: 'AA' }, thoughtSignature: 'c2ln' },
    ];
    expect(messagesOf(HELLO, { role: 'model', parts })[1]?.content).toEqual([
      { type: 'reasoning', text: 'why', signature: 'gemini:c2ln' },
      { type: 'image', source: { type: 'data', mediaType: 'image/png', base64: 'AA' }, signature: 'gemini:c2ln' },
    ]);
  });
});

describe('fields without a word', () => {
  it.each([
    [{ safetySettings: [{}] }, ['safetySettings']],
    [
      { generationConfig: { mediaResolution: 'X', whatIsNew: 1 } },
      ['generationConfig.mediaResolution', 'generationConfig.whatIsNew'],
    ],
    [{ labels: {}, whatIsNew: 1 }, ['labels', 'whatIsNew']],
    [{ toolConfig: { retrievalConfig: {} } }, ['toolConfig.retrievalConfig']],
    [{ contents: [{ parts: [{ text: 'a', videoMetadata: {} }] }] }, ['contents[].parts[].videoMetadata']],
  ])('%j is named as ignored', (body, names) => expect(decode(body).ignored.toSorted()).toEqual(names.toSorted()));

  it.each([
    [{ cachedContent: 'cachedContents/1' }, 'cachedContent'],
    [{ tools: [{ codeExecution: {} }] }, 'tools[].codeExecution'],
    [{ tools: [{ url_context: {} }] }, 'tools[].urlContext'],
    [{ generationConfig: { responseModalities: ['TEXT', 'IMAGE'] } }, 'generationConfig.responseModalities'],
    [{ generationConfig: { speechConfig: {} } }, 'generationConfig.speechConfig'],
    [{ generationConfig: { responseMimeType: 'text/x.enum' } }, 'generationConfig.responseMimeType'],
    [
      { contents: [HELLO, { parts: [{ fileData: { fileUri: 'https://youtu.be/x' } }] }] },
      'contents[].parts[].fileData',
    ],
    [{ contents: [HELLO, { role: 'model', parts: [{ toolCall: {} }] }] }, 'contents[].parts[].toolCall'],
  ])('%j needs Gemini itself', (body, name) => expect(decode(body).nativeOnly).toEqual([name]));
});

describe('what is wrong', () => {
  it.each<[unknown, string]>([
    [{}, 'contents'],
    [{ contents: [] }, 'contents'],
    [{ contents: [{ parts: [{}] }] }, 'contents[0].parts[0]'],
    [{ contents: [{ role: 'assistant', parts: [] }] }, 'contents[0].role'],
    [{ contents: [HELLO], generationConfig: { temperature: 3 } }, 'generationConfig.temperature'],
    [{ contents: [HELLO], generation_config: { max_output_tokens: 'x' } }, 'generation_config.max_output_tokens'],
    [{ contents: [{ parts: { inline_data: { mime_type: 1, data: '' } } }] }, 'contents[0].parts.inline_data.mime_type'],
    [
      { contents: [HELLO], generationConfig: { thinkingConfig: { thinkingLevel: 'MUCH' } } },
      'generationConfig.thinkingConfig.thinkingLevel',
    ],
  ])('%j: %s', (body, param) => {
    expect(failure(body).data).toMatchObject({ code: 'invalid_request', param });
  });

  it.each([[null], ['x'], [[]], [3]])('a body %j is none', (body) => {
    expect(failure(body).code).toBe('invalid_request');
  });

  it('a wrong value in any single field is a failure that is told, never a crash', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('contents', 'tools', 'toolConfig', 'generationConfig', 'systemInstruction'),
        (value, name) => {
          try {
            decode({ [name]: value });
          } catch (error) {
            expect(error).toBeInstanceOf(GatewayError);
          }
        },
      ),
    );
  });
});

it('snake_case is the same request, and what is the caller’s own is left alone', () => {
  const camel = {
    contents: [HELLO, { role: 'model', parts: [{ functionCall: { name: 'f', args: { a_b: 1 } } }] }],
    systemInstruction: { parts: [{ text: 's' }] },
    tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: { properties: { a_b: {} } } }] }],
    generationConfig: { maxOutputTokens: 3, thinkingConfig: { includeThoughts: true } },
  };
  const snake = {
    contents: [HELLO, { role: 'model', parts: [{ function_call: { name: 'f', args: { a_b: 1 } } }] }],
    system_instruction: { parts: [{ text: 's' }] },
    tools: [{ function_declarations: [{ name: 'f', parameters_json_schema: { properties: { a_b: {} } } }] }],
    generation_config: { max_output_tokens: 3, thinking_config: { include_thoughts: true } },
  };
  expect(decodeRequest(snake, { model: 'm' }).request).toEqual(decodeRequest(camel, { model: 'm' }).request);
  expect(JSON.stringify(decodeRequest(snake, { model: 'm' }).request)).toContain('a_b');
});

it('tokens are asked for with contents, or with a whole request', () => {
  const whole = { generateContentRequest: { model: 'models/m', contents: [HELLO], systemInstruction: 's' } };
  expect(decodeCountRequest({ contents: [HELLO] }, { model: 'm' }).messages).toEqual([TURN]);
  expect(decodeCountRequest(whole, { model: 'm' }).messages).toHaveLength(2);
});

describe('embeddings', () => {
  const content = { parts: [{ text: 'a' }, { text: 'b' }] };

  it('one content is one vector', () => {
    const { request, ignored } = decodeEmbedRequest(
      { content, taskType: 'CLUSTERING', output_dimensionality: 3 },
      { model: 'm' },
    );
    expect([request, ignored]).toEqual([{ model: 'm', inputs: ['a\nb'], dimensions: 3 }, ['taskType']]);
  });

  it('several are several; lengths that differ, and pictures, only Gemini can do', () => {
    const requests = [
      { content, outputDimensionality: 3 },
      { content: { parts: [{ inlineData: { mimeType: 'image/png', data: 'AA' } }] } },
    ];
    const { request, nativeOnly } = decodeBatchEmbedRequest({ requests }, { model: 'm' });
    expect(request.inputs).toEqual(['a\nb', '']);
    expect(nativeOnly.toSorted()).toEqual(['requests[].content.parts[]', 'requests[].outputDimensionality']);
  });
});
