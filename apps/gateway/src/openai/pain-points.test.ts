import type { Part } from '@sluice/contracts/part';
import type { ChatHabits } from '@sluice/contracts/chat-habits';
import { applyHabits } from '@sluice/wire-openai-chat/apply-habits';
import { decodeStream } from '@sluice/wire-openai-chat/decode-stream';
import { encodeRequest } from '@sluice/wire-openai-chat/encode-request';
import { decodeResponse } from '@sluice/wire-openai-embeddings/decode-response';
import type { SseEvent } from '@sluice/wire-sse/sse-event';
import { describe, expect, it } from 'vitest';
import type { CallContext } from '../http/call-context.js';
import type { DecodedCall, DialectEndpoint } from '../generations/dialect-endpoint.js';
import { chatEndpoint } from './chat.endpoint.js';
import { embeddingsEndpoint } from './embeddings.endpoint.js';

/** An OpenAI client in front of a careless vendor of the same protocol: what is known to go wrong elsewhere. */
const HELLO = { role: 'user', content: 'Hello' };
const CALL: CallContext = { keyId: 'k', requestId: 'req_1', traceparent: '', deadlineMs: 1, bodyBytes: 1 };
const RAN = { generationId: 'gen_1', createdAtMs: 1_000_000_000_500, model: 'real-model' };

function decode(endpoint: DialectEndpoint, body: object): DecodedCall {
  const call = endpoint(body, CALL);
  if (call instanceof Promise) throw new Error('decoded at once');
  return call;
}

function toUpstream(body: object, habits: ChatHabits = {}): Record<string, unknown> {
  const { input } = decode(chatEndpoint, { model: 'm', messages: [HELLO], ...body });
  if (input.kind !== 'chat') throw new Error('no chat');
  const encoded = applyHabits(encodeRequest(input.request, { model: 'real', isStreamed: true }), habits);
  return JSON.parse(JSON.stringify(encoded)) as Record<string, unknown>;
}

async function partsOf(chunks: readonly object[], done = true): Promise<Part[]> {
  const parts: Part[] = [];
  async function* events(): AsyncGenerator<SseEvent> {
    for (const chunk of chunks) yield { data: JSON.stringify(chunk) };
    if (done) yield { data: '[DONE]' };
  }
  for await (const part of decodeStream(events())) parts.push(part);
  return [...parts, { type: 'succeeded' }];
}

interface Chunk {
  id: string;
  created: number;
  model: string;
  choices: { index: number; delta: Delta; finish_reason: string | null; logprobs?: unknown }[];
  usage?: Record<string, unknown> | null;
}
interface Delta extends Record<string, unknown> {
  tool_calls?: { index: number; id?: string; type?: string; function: { name?: string; arguments?: string } }[];
}

/** What the client reads when the upstream sends these chunks; the last frame is left as text. */
async function toClient(chunks: readonly object[], body: object = {}): Promise<{ frames: Chunk[]; last: string }> {
  const encoder = decode(chatEndpoint, { model: 'm', messages: [HELLO], stream: true, ...body }).openStream(RAN);
  const text = (await partsOf(chunks)).map((part) => encoder.encode(part)).join('');
  const frames = text.split('\n\n').slice(0, -1);
  const last = frames.pop() ?? '';
  return { frames: frames.map((frame) => JSON.parse(frame.slice('data: '.length)) as Chunk), last };
}

const delta = (fields: object, choice = 0) => ({ choices: [{ index: choice, delta: fields }] });
const call = (fields: object, body: object, choice = 0) =>
  delta({ tool_calls: [{ ...fields, function: body }] }, choice);
const end = (reason = 'stop') => ({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });

function callsOf(frames: readonly Chunk[], choice = 0) {
  const calls: { id: string; name: string; json: string }[] = [];
  for (const piece of frames.flatMap(({ choices }) => choices).filter(({ index }) => index === choice)) {
    for (const { index, id, function: named } of piece.delta.tool_calls ?? []) {
      const known = (calls[index] ??= { id: id ?? '', name: named.name ?? '', json: '' });
      known.json += named.arguments ?? '';
    }
  }
  return calls;
}

describe('pain point 1: streaming tool calls broken in translation', () => {
  it('calls that all have index 0 get an index each, which stays', async () => {
    const { frames } = await toClient([
      call({ index: 0, id: 'a', type: 'function' }, { name: 'f', arguments: '{"x"' }),
      call({ index: 0 }, { arguments: ':1}' }),
      call({ index: 0, id: 'b', type: 'function' }, { name: 'g', arguments: '{"y":2}' }),
      end(),
    ]);
    expect(callsOf(frames)).toEqual([
      { id: 'a', name: 'f', json: '{"x":1}' },
      { id: 'b', name: 'g', json: '{"y":2}' },
    ]);
  });

  it('interleaved deltas stay with their calls', async () => {
    const { frames } = await toClient([
      call({ index: 0, id: 'a' }, { name: 'f', arguments: '' }),
      call({ index: 1, id: 'b' }, { name: 'g', arguments: '' }),
      call({ index: 0 }, { arguments: '{"x":1}' }),
      call({ index: 1 }, { arguments: '{"y":2}' }),
      end('tool_calls'),
    ]);
    expect(callsOf(frames).map(({ json }) => json)).toEqual(['{"x":1}', '{"y":2}']);
  });

  it('each alternative counts its own', async () => {
    const { frames } = await toClient([
      call({ index: 0, id: 'a' }, { name: 'f', arguments: '{}' }),
      call({ index: 1, id: 'b' }, { name: 'g', arguments: '{}' }, 1),
      end('tool_calls'),
    ]);
    expect(callsOf(frames, 0).map(({ id }) => id)).toEqual(['a']);
    expect(callsOf(frames, 1).map(({ id }) => id)).toEqual(['b']);
  });

  it('a first delta has index, id, type and name, whatever the upstream left out', async () => {
    const { frames } = await toClient([call({}, { name: 'f' }), end()]);
    const first = frames.flatMap(({ choices }) => choices).find((choice) => choice.delta.tool_calls);
    expect(first?.delta.tool_calls?.[0]).toMatchObject({
      index: 0,
      id: expect.stringMatching(/^call_/) as string,
      type: 'function',
      function: { name: 'f' },
    });
  });

  it('an upstream that says stop after a call still ends with tool_calls', async () => {
    const { frames } = await toClient([call({ index: 0, id: 'a' }, { name: 'f', arguments: '{}' }), end()]);
    expect(frames.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
  });

  it('arguments that are no JSON go up as they were', () => {
    const spoilt = { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":' } };
    const messages = [
      HELLO,
      { role: 'assistant', tool_calls: [spoilt] },
      { role: 'tool', tool_call_id: 'a', content: 'r' },
    ];
    expect((toUpstream({ messages })['messages'] as unknown[])[1]).toMatchObject({ tool_calls: [spoilt] });
  });
});

describe('pain point 2: stream end and usage', () => {
  const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };

  it('usage is always asked of the upstream, and told only to who asked', async () => {
    expect(toUpstream({})['stream_options']).toEqual({ include_usage: true });
    const chunks = [delta({ content: 'a' }), end(), { choices: [], usage }];
    const unasked = await toClient(chunks);
    expect(unasked.frames.every((frame) => frame.choices.length > 0 && !('usage' in frame))).toBe(true);
    const asked = await toClient(chunks, { stream_options: { include_usage: true } });
    expect(asked.frames.slice(0, -1).every((frame) => frame.usage === null)).toBe(true);
    expect(asked.frames.at(-1)).toMatchObject({ choices: [], usage });
  });

  it('a null or growing usage counts once, by its last value', async () => {
    const grown = { ...usage, completion_tokens: 1, total_tokens: 8 };
    const chunks = [
      { ...delta({ content: 'a' }), usage: null },
      { ...delta({ content: 'b' }), usage: grown },
      { ...end(), usage },
    ];
    const { frames } = await toClient(chunks, { stream_options: { include_usage: true } });
    expect(frames.at(-1)?.usage).toMatchObject(usage);
  });

  it.each([true, false])('there is one finish and one [DONE], with or without them upstream (%s)', async (isTold) => {
    const { frames, last } = await toClient([delta({ content: 'a' }), ...(isTold ? [end()] : [])]);
    expect(frames.filter(({ choices }) => choices[0]?.finish_reason != null)).toHaveLength(1);
    expect(last).toBe('data: [DONE]');
  });

  it('id, created and model are the same in every chunk, whatever the upstream sends', async () => {
    const { frames } = await toClient([
      { id: 'x', created: 1.5, model: 'p', object: 'p', ...delta({ content: 'a' }) },
      { id: 'y', created: 1_700_000_000_000, model: 'q', ...delta({ content: 'b' }) },
      end(),
    ]);
    expect(new Set(frames.map(({ id, created, model }) => `${id} ${created} ${model}`)).size).toBe(1);
    expect(frames[0]).toMatchObject({ id: 'chatcmpl-1', created: 1_000_000_000 });
  });
});

it('pain point 3: keep-alive of the wrong kind: heartbeats are comments, which no client takes for a chunk', () => {
  const encoder = decode(chatEndpoint, { model: 'm', messages: [HELLO], stream: true }).openStream(RAN);
  expect(encoder.heartbeat()).toMatch(/^:.*\n\n$/);
});

describe('pain point 5: an error as HTTP 200', () => {
  it('is thrown before a part of it is passed on', async () => {
    await expect(partsOf([{ error: { message: 'busy', code: 429 } }])).rejects.toMatchObject({
      code: 'upstream_rate_limited',
    });
  });

  it('in the middle of a stream ends it with an error object and no [DONE]', () => {
    const encoder = decode(chatEndpoint, { model: 'm', messages: [HELLO], stream: true }).openStream(RAN);
    encoder.encode({ type: 'text-delta', choice: 0, text: 'a' });
    const frame = encoder.encode({ type: 'failed', error: { code: 'upstream_interrupted', message: 'gone' } });
    expect(frame).not.toContain('[DONE]');
    expect(JSON.parse(frame.slice('data: '.length))).toMatchObject({
      error: { message: 'gone', type: 'server_error' },
    });
  });
});

describe('pain point 6: the reasoning round trip', () => {
  it.each(['reasoning_content', 'reasoning'])('%s comes out as reasoning_content', async (name) => {
    const { frames } = await toClient([delta({ [name]: 'why' }), delta({ content: 'so' }), end()]);
    const deltas = frames.flatMap(({ choices }) => choices.map((choice) => choice.delta));
    expect(deltas.map((each) => each['reasoning_content'] ?? '').join('')).toBe('why');
    expect(deltas.map((each) => each['content'] ?? '').join('')).toBe('so');
  });

  it.each([
    ['send', 'why'],
    ['omit', undefined],
  ] as const)('and goes back where the vendor wants it: %s', (reasoningContent, expected) => {
    const messages = [HELLO, { role: 'assistant', content: 'so', reasoning_content: 'why' }, HELLO];
    const sent = toUpstream({ messages }, { reasoningContent })['messages'] as Record<string, unknown>[];
    expect(sent[1]?.['reasoning_content']).toBe(expected);
  });
});

it('pain point 8: usage accounting with caches: what was cached is part of the prompt, and told beside it', async () => {
  const usage = {
    prompt_tokens: 100,
    completion_tokens: 5,
    total_tokens: 105,
    prompt_tokens_details: { cached_tokens: 30, cache_write_tokens: 10 },
  };
  const { frames } = await toClient([delta({ content: 'a' }), end(), { choices: [], usage }], {
    stream_options: { include_usage: true },
  });
  expect(frames.at(-1)?.usage).toMatchObject(usage);
});

describe('pain point 9: max_tokens and max_completion_tokens', () => {
  it.each([
    [{ max_tokens: 5 }, 'max_completion_tokens', { max_completion_tokens: 5 }],
    [{ max_completion_tokens: 5 }, 'max_tokens', { max_tokens: 5 }],
    [{ max_tokens: 4, max_completion_tokens: 5 }, 'max_tokens', { max_tokens: 5 }],
    [{ max_tokens: 4, max_completion_tokens: 5 }, undefined, { max_completion_tokens: 5 }],
  ] as const)('%j for a vendor of %s is %j, never both', (body, tokenLimit, expected) => {
    const sent = toUpstream(body, tokenLimit ? { tokenLimit } : {});
    const { max_tokens, max_completion_tokens } = sent;
    expect(JSON.parse(JSON.stringify({ max_tokens, max_completion_tokens }))).toEqual(expected);
  });
});

describe('pain point 10: embeddings in base64', () => {
  const PACKED = Buffer.from(new Float32Array([0.5, -2]).buffer).toString('base64');
  const encode = (body: object, embedding: string | number[]) => {
    const parts = decodeResponse({ data: [{ embedding }] }, { count: 1 });
    const answer = decode(embeddingsEndpoint, { model: 'm', input: 'a', ...body }).encodeWhole(parts, RAN);
    return (answer as { data: { embedding: unknown }[] }).data[0]?.embedding;
  };

  it.each([
    ['base64', PACKED, PACKED],
    ['base64', [0.5, -2], PACKED],
    ['float', PACKED, [0.5, -2]],
    ['float', [0.5, -2], [0.5, -2]],
    [undefined, PACKED, [0.5, -2]],
  ] as const)('asked for %s, the upstream sent %j: told as %j', (format, sent, told) => {
    expect(encode({ encoding_format: format }, typeof sent === 'string' ? sent : [...sent])).toEqual(told);
  });

  it.each([
    ['a', ['a']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [[1, 2], [[1, 2]]],
    [
      [[1], [2, 3]],
      [[1], [2, 3]],
    ],
  ])('input %j is %j', (input, inputs) => {
    const { input: decoded } = decode(embeddingsEndpoint, { model: 'm', input, dimensions: 2 });
    expect(decoded).toMatchObject({ kind: 'embedding', request: { inputs, dimensions: 2 } });
  });
});

describe('what must not be lost between like and like', () => {
  it('a refusal', async () => {
    const { frames } = await toClient([delta({ refusal: 'I will not' }), end()]);
    expect(frames.some(({ choices }) => choices[0]?.delta['refusal'] === 'I will not')).toBe(true);
  });

  it('logprobs, beside their text', async () => {
    const logprobs = { content: [{ token: 'a', logprob: -1, bytes: null, top_logprobs: [] }] };
    const { frames } = await toClient([{ choices: [{ index: 0, delta: { content: 'a' }, logprobs }] }, end()]);
    expect(
      frames.flatMap(({ choices }) => choices).find(({ delta: { content } }) => content === 'a')?.logprobs,
    ).toEqual(logprobs);
  });

  it('speech beside text', async () => {
    const { frames } = await toClient([delta({ audio: { id: 'a1', data: 'AAA=' } }), end()]);
    expect(frames.some(({ choices }) => choices[0]?.delta['audio'] !== undefined)).toBe(true);
    const parts = [{ type: 'input_audio', input_audio: { data: 'AAA=', format: 'wav' } }];
    const audio = { format: 'wav', voice: 'alloy' };
    const sent = toUpstream({ messages: [{ role: 'user', content: parts }], modalities: ['text', 'audio'], audio });
    expect(sent).toMatchObject({ messages: [{ content: parts }], modalities: ['text', 'audio'], audio });
  });

  it('response_format, n and logprobs of a request', () => {
    const format = { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' }, strict: true } };
    const asked = { response_format: format, n: 2, logprobs: true, top_logprobs: 3 };
    expect(toUpstream(asked)).toMatchObject(asked);
  });
});
