import type { Part } from '@sluice/contracts/part';
import { createStreamEncoder as createAnthropicEncoder } from '@sluice/wire-anthropic-messages/encode-stream';
import { decodeResponse as decodeGemini } from '@sluice/wire-gemini-generate/decode-response';
import { encodeRequest as encodeForGemini } from '@sluice/wire-gemini-generate/encode-request';
import { decodeRequest as decodeOpenai } from '@sluice/wire-openai-chat/decode-request';
import { decodeStream } from '@sluice/wire-openai-chat/decode-stream';
import { encodeRequest } from '@sluice/wire-openai-chat/encode-request';
import { encodeResponse as encodeOpenai } from '@sluice/wire-openai-chat/encode-response';
import type { SseEvent } from '@sluice/wire-sse/sse-event';
import { describe, expect, it } from 'vitest';
import type { CallContext } from '../http/call-context.js';
import type { DecodedCall } from '../generations/dialect-endpoint.js';
import { nativeTargets } from '../generations/native-targets.js';
import { generateEndpoint, type AnswerForm } from './generate.endpoint.js';

/** A Gemini client in front of an upstream that speaks Chat Completions, and the other way round. */
const HELLO = { role: 'user', parts: [{ text: 'Hello' }] };
const CONTEXT: CallContext = { keyId: 'k', requestId: 'req_1', traceparent: '', deadlineMs: 1, bodyBytes: 1 };
const REPLY = { generationId: 'gen_1', createdAtMs: 0, model: 'real' };

function decode(body: object, form: AnswerForm = 'sse'): DecodedCall {
  const call = generateEndpoint({ model: 'm', form })({ contents: [HELLO], ...body }, CONTEXT);
  if (call instanceof Promise) throw new Error('nothing is looked up');
  return call;
}

function toUpstream(body: object): Record<string, unknown> {
  const { input } = decode(body);
  if (input.kind !== 'chat') throw new Error('no chat');
  const encoded = encodeRequest(input.request, { model: 'real', isStreamed: true });
  return JSON.parse(JSON.stringify(encoded)) as Record<string, unknown>;
}

type Delta = Record<string, unknown>;
const STOP = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };

async function* chunks(deltas: Delta[], last: object): AsyncGenerator<SseEvent> {
  for (const delta of deltas) yield { data: JSON.stringify({ choices: [{ index: 0, delta }] }) };
  yield { data: JSON.stringify(last) };
  yield { data: '[DONE]' };
}

interface Response {
  candidates?: { content: { parts: Record<string, unknown>[] }; finishReason?: string }[];
  usageMetadata?: object;
}

/** What the client reads when the upstream sends these deltas. */
async function toClient(
  deltas: Delta[],
  { last = STOP, body = {} }: { last?: object; body?: object } = {},
): Promise<Response[]> {
  const encoder = decode(body, 'array').openStream(REPLY);
  const parts: Part[] = [];
  for await (const part of decodeStream(chunks(deltas, last))) parts.push(part);
  return JSON.parse(
    [...parts, { type: 'succeeded' } as const].map((part) => encoder.encode(part)).join(''),
  ) as Response[];
}

const partsOf = (responses: Response[]) =>
  responses.flatMap(({ candidates }) => candidates?.[0]?.content.parts ?? []).filter((part) => part['text'] !== '');
const toolDelta = (fields: object, body: object) => ({ tool_calls: [{ ...fields, function: body }] });

describe('pain point 1: streaming tool calls broken in translation', () => {
  it.each([
    [
      'all with index 0',
      [
        toolDelta({ index: 0, id: 'a' }, { name: 'f', arguments: '{"x":1}' }),
        toolDelta({ index: 0, id: 'b' }, { name: 'g', arguments: '{"y":2}' }),
      ],
    ],
    [
      'interleaved',
      [
        toolDelta({ index: 0, id: 'a' }, { name: 'f', arguments: '' }),
        toolDelta({ index: 1, id: 'b' }, { name: 'g', arguments: '' }),
        toolDelta({ index: 0 }, { arguments: '{"x"' }),
        toolDelta({ index: 1 }, { arguments: '{"y":2}' }),
        toolDelta({ index: 0 }, { arguments: ':1}' }),
      ],
    ],
  ])('calls %s come whole, apart, with their ids', async (_name, deltas) => {
    expect(partsOf(await toClient(deltas))).toEqual([
      { functionCall: { id: 'a', name: 'f', args: { x: 1 } } },
      { functionCall: { id: 'b', name: 'g', args: { y: 2 } } },
    ]);
  });

  it('a call stands in its place between texts', async () => {
    const responses = await toClient([
      { content: 'a' },
      toolDelta({ index: 0, id: 'a' }, { name: 'f', arguments: '{}' }),
      { content: 'b' },
    ]);
    expect(partsOf(responses).map((part) => part['text'] ?? 'call')).toEqual(['a', 'call', 'b']);
  });

  it('arguments that are no JSON are wrapped, and go back in as they were', async () => {
    const [part] = partsOf(await toClient([toolDelta({ index: 0, id: 'a' }, { name: 'f', arguments: '{"x' })]));
    expect(part).toMatchObject({ functionCall: { args: { invalid_json: '{"x' } } });
    const { messages } = toUpstream({ contents: [HELLO, { role: 'model', parts: [part] }] });
    expect(messages).toMatchObject([{}, { tool_calls: [{ function: { arguments: '{"x' } }] }]);
  });

  it('calls and results go up with their ids, results before text, also where the client has none', () => {
    const { messages } = toUpstream({
      contents: [
        HELLO,
        { role: 'model', parts: [{ text: 'on it' }, { functionCall: { name: 'f', args: { a: 1 } } }] },
        { role: 'user', parts: [{ text: 'and?' }, { functionResponse: { name: 'f', response: { output: 'gone' } } }] },
      ],
    });
    expect(messages).toMatchObject([
      { role: 'user', content: 'Hello' },
      {
        role: 'assistant',
        content: 'on it',
        tool_calls: [{ id: 'call_1_f', function: { name: 'f', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1_f', content: 'gone' },
      { role: 'user', content: 'and?' },
    ]);
  });
});

describe('pain point 2: stream end and usage', () => {
  it('the reason comes once, with the last event, which has the usage', async () => {
    const usage = {
      prompt_tokens: 40,
      completion_tokens: 9,
      total_tokens: 49,
      completion_tokens_details: { reasoning_tokens: 7 },
    };
    const responses = await toClient([{ content: 'a' }, {}], { last: { ...STOP, usage } });
    expect(responses.filter(({ candidates }) => candidates?.[0]?.finishReason)).toHaveLength(1);
    expect(responses.at(-1)).toMatchObject({
      candidates: [{ finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 40, candidatesTokenCount: 2, thoughtsTokenCount: 7, totalTokenCount: 49 },
    });
  });

  it.each([
    ['length', 'MAX_TOKENS'],
    ['content_filter', 'SAFETY'],
    ['tool_calls', 'STOP'],
  ])('%s is %s', async (reason, expected) => {
    const last = { choices: [{ index: 0, delta: {}, finish_reason: reason }] };
    expect((await toClient([{ content: 'a' }], { last })).at(-1)).toMatchObject({
      candidates: [{ finishReason: expected }],
    });
  });
});

it('pain point 3: keep-alive of the wrong kind: blanks, since a comment breaks the Python client', () => {
  expect(decode({}).openStream(REPLY).heartbeat().trim()).toBe('');
});

it('a failure inside a stream is found by older clients, outside the events, and by newer ones, in them', () => {
  const frames = decode({})
    .openStream(REPLY)
    .encode({ type: 'failed', error: { code: 'upstream_overloaded', message: 'x' } });
  const [event = '', bare = ''] = frames.split('\n\n');
  expect(JSON.parse(event.slice('data: '.length))).toEqual(JSON.parse(bare));
  expect(JSON.parse(bare)).toMatchObject({ error: { code: 503, status: 'UNAVAILABLE' } });
});

describe('pain point 6: the reasoning round trip', () => {
  const body = { generationConfig: { thinkingConfig: { includeThoughts: true } } };
  const deltas = [
    { reasoning_content: 'why' },
    { reasoning_details: [{ type: 'reasoning.text', signature: 'sig' }] },
    { content: 'so' },
  ];

  it('another vendor’s signature comes out as base64, and goes back in as it was', async () => {
    const responses = await toClient(deltas, { body });
    const parts = responses.flatMap(({ candidates }) => candidates?.[0]?.content.parts ?? []);
    const thought = { ...parts[0], thoughtSignature: parts[1]?.['thoughtSignature'] };
    expect(thought).toMatchObject({
      text: 'why',
      thought: true,
      thoughtSignature: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
    });
    const { messages } = toUpstream({ contents: [HELLO, { role: 'model', parts: [thought, { text: 'so' }] }, HELLO] });
    expect(messages).toMatchObject([
      {},
      { content: 'so', reasoning_content: 'why', reasoning_details: [{ text: 'why', signature: 'sig' }] },
      {},
    ]);
  });

  it('who did not ask for thoughts is told none', async () => {
    expect(partsOf(await toClient(deltas))).toEqual([{ text: 'so' }]);
  });

  it('a call’s signature survives an OpenAI client that keeps what it got', () => {
    const functionCall = { id: 'a', name: 'f', args: {} };
    const parts = decodeGemini({
      candidates: [{ content: { parts: [{ functionCall, thoughtSignature: 'c2ln' }] }, finishReason: 'STOP' }],
    });
    const { choices } = encodeOpenai(parts, { id: 'x', createdSeconds: 0, model: 'm' }) as unknown as {
      choices: { message: object }[];
    };
    const history = [
      { role: 'user', content: 'Hello' },
      choices[0]?.message,
      { role: 'tool', tool_call_id: 'a', content: 'x' },
    ];
    const { request } = decodeOpenai(JSON.parse(JSON.stringify({ model: 'm', messages: history })));
    expect(encodeForGemini(request, { model: 'gemini-3.5-flash' })['contents']).toMatchObject([
      {},
      { role: 'model', parts: [{ functionCall, thoughtSignature: 'c2ln' }] },
      { role: 'user', parts: [{ functionResponse: { id: 'a', name: 'f', response: { result: 'x' } } }] },
    ]);
  });
});

describe('pain point 7: picture output', () => {
  const answer = decodeGemini({
    candidates: [
      {
        content: { parts: [{ text: 'here' }, { inlineData: { mimeType: 'image/png', data: 'AA==' } }] },
        finishReason: 'STOP',
      },
    ],
  });

  it('an OpenAI client gets the picture, and may send it back', () => {
    const { choices } = encodeOpenai(answer, { id: 'x', createdSeconds: 0, model: 'm' }) as unknown as {
      choices: { message: object }[];
    };
    expect(choices[0]?.message).toMatchObject({
      content: 'here',
      images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }],
    });
    const messages = [{ role: 'user', content: 'Hello' }, choices[0]?.message, { role: 'user', content: 'bluer' }];
    const { request } = decodeOpenai(JSON.parse(JSON.stringify({ model: 'm', messages })));
    expect(encodeForGemini(request, { model: 'gemini-2.5-flash-image' })['contents']).toMatchObject([
      {},
      { role: 'model', parts: [{ text: 'here' }, { inlineData: { mimeType: 'image/png', data: 'AA==' } }] },
      {},
    ]);
  });

  it('an Anthropic client gets it as Markdown', () => {
    const encoder = createAnthropicEncoder({ id: 'x', model: 'm', requestId: 'r', estimateInputTokens: () => 1 });
    const text = [...answer, { type: 'succeeded' } as const].map((part) => encoder.encode(part)).join('');
    expect(text).toContain('![image](data:image/png;base64,AA==)');
  });

  it('a picture of the model’s reaches upstreams that take pictures only from users', () => {
    const parts = [{ text: 'here' }, { inlineData: { mimeType: 'image/png', data: 'AA==' } }];
    expect(toUpstream({ contents: [HELLO, { role: 'model', parts }, HELLO] })['messages']).toMatchObject([
      {},
      { role: 'assistant', content: 'here' },
      { role: 'user', content: [{ type: 'text' }, { type: 'image_url' }] },
      {},
    ]);
  });
});

describe('mapping, field by field', () => {
  const tools = [{ functionDeclarations: [{ name: 'f', parameters: { type: 'OBJECT' } }] }];

  it.each<[object, object]>([
    [{ systemInstruction: { parts: [{ text: 'a' }] } }, { messages: [{ role: 'system', content: 'a' }, {}] }],
    [{ tools }, { tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }] }],
    [{ tools, toolConfig: { functionCallingConfig: { mode: 'ANY' } } }, { tool_choice: 'required' }],
    [
      { tools, toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } } },
      { tool_choice: { type: 'function', function: { name: 'f' } } },
    ],
    [{ tools: [{ googleSearch: {} }] }, { web_search_options: {} }],
    [
      { generationConfig: { maxOutputTokens: 5, stopSequences: ['x'], candidateCount: 2 } },
      { max_completion_tokens: 5, stop: ['x'], n: 2 },
    ],
    [{ generationConfig: { responseLogprobs: true, logprobs: 2 } }, { logprobs: true, top_logprobs: 2 }],
    [{ generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } } }, { reasoning_effort: 'low' }],
    [{ generationConfig: { thinkingConfig: { thinkingBudget: 20_000 } } }, { reasoning_effort: 'high' }],
    [{ generationConfig: { responseMimeType: 'application/json' } }, { response_format: { type: 'json_object' } }],
    [{ serviceTier: 'standard' }, { service_tier: 'default' }],
  ])('%j', (body, expected) => expect(toUpstream(body)).toMatchObject(expected));

  it('what was not asked is not sent', () => {
    expect(Object.keys(toUpstream({ safetySettings: [] })).toSorted()).toEqual([
      'messages',
      'model',
      'stream',
      'stream_options',
    ]);
  });
});

describe('what only Gemini can do', () => {
  const targets = [
    { upstream: 'openai', model: 'a' },
    { upstream: 'gemini', model: 'b' },
  ];

  it('goes to Gemini alone, and is refused by name where there is none', () => {
    const call = decode({ cachedContent: 'cachedContents/1' });
    expect(nativeTargets(call, targets)).toEqual([targets[1]]);
    expect(() => nativeTargets(call, targets.slice(0, 1))).toThrow("'cachedContent' is not supported by this model.");
  });

  it('anything else goes anywhere', () => expect(nativeTargets(decode({}), targets)).toEqual(targets));
});

it('the body as it came rides along', () => {
  const { input } = decode({ what_is_new: 1 });
  expect('native' in input && input.native).toEqual({
    dialect: 'gemini-generate',
    body: { contents: [HELLO], what_is_new: 1 },
  });
});
