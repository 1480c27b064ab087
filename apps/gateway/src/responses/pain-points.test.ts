import type { Part } from '@sluice/contracts/part';
import { encodeFrame } from '@sluice/wire-openai-responses/encode-frame';
import { decodeRequest } from '@sluice/wire-openai-responses/decode-request';
import { encodeOutcome } from '@sluice/wire-openai-responses/encode-outcome';
import { createStreamEncoder } from '@sluice/wire-openai-responses/encode-stream';
import { parseRequest } from '@sluice/wire-openai-responses/parse-request';
import { createStreamEncoder as createAnthropicEncoder } from '@sluice/wire-anthropic-messages/encode-stream';
import { decodeStream } from '@sluice/wire-openai-chat/decode-stream';
import { encodeRequest } from '@sluice/wire-openai-chat/encode-request';
import type { SseEvent } from '@sluice/wire-sse/sse-event';
import { describe, expect, it } from 'vitest';

/** A Responses client in front of an upstream that speaks Chat Completions: what is known to go wrong elsewhere. */
const TOOL = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} } };
const estimate = { inputTokens: () => 7, tokensOf: (text: string) => text.length };
const ID = `resp_${'0'.repeat(32)}`;

const parse = (body: object) => parseRequest({ model: 'asked', input: 'Hello', ...body });

function toUpstream(body: object): Record<string, unknown> {
  const { request } = decodeRequest(parse(body));
  return JSON.parse(JSON.stringify(encodeRequest(request, { model: 'real', isStreamed: true }))) as Record<
    string,
    unknown
  >;
}

type Delta = Record<string, unknown>;
type Event = { type: string; sequence_number: number } & Record<string, never>;
interface Told {
  status: string;
  model: string;
  output: { type: string; call_id: string; name: string; arguments: string }[];
  usage: Record<string, unknown> | null;
}

async function* chunks(deltas: Delta[], last: object): AsyncGenerator<SseEvent> {
  for (const delta of deltas) yield { data: JSON.stringify({ choices: [{ index: 0, delta }] }) };
  yield { data: JSON.stringify(last) };
  yield { data: '[DONE]' };
}

const STOP = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const frame = encodeFrame(parse({}).body, { id: ID, createdSeconds: 1 });

async function partsOf(deltas: Delta[], last: object = STOP): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const part of decodeStream(chunks(deltas, last))) parts.push(part);
  return [...parts, { type: 'succeeded' }];
}

function textFor(parts: Part[]): string {
  const encoder = createStreamEncoder({ frame, nowSeconds: () => 2, estimate });
  return parts.map((part) => encoder.encode(part)).join('');
}

function eventsFor(parts: Part[]): Event[] {
  return textFor(parts)
    .split('\n\n')
    .slice(0, -1)
    .map((text) => JSON.parse(text.slice(text.indexOf('data: ') + 'data: '.length)) as Event);
}

const toClient = async (deltas: Delta[], last?: object) => eventsFor(await partsOf(deltas, last));
const told = (events: Event[]) => events.at(-1)?.['response'] as unknown as Told;
const toolDelta = (fields: object, body: object) => ({ tool_calls: [{ ...fields, function: body }] });

describe('pain point 1: streaming tool calls broken in translation', () => {
  it('calls that all have index 0 stay apart', async () => {
    const { output } = told(
      await toClient([
        toolDelta({ index: 0, id: 'a', type: 'function' }, { name: 'f', arguments: '{"x":1}' }),
        toolDelta({ index: 0, id: 'b', type: 'function' }, { name: 'g', arguments: '{"y":2}' }),
      ]),
    );
    expect(output).toMatchObject([
      { call_id: 'a', name: 'f', arguments: '{"x":1}' },
      { call_id: 'b', name: 'g', arguments: '{"y":2}' },
    ]);
  });

  it('interleaved deltas end up in their own items, and each is told whole before the next', async () => {
    const events = await toClient([
      toolDelta({ index: 0, id: 'a' }, { name: 'f', arguments: '' }),
      toolDelta({ index: 1, id: 'b' }, { name: 'g', arguments: '' }),
      toolDelta({ index: 0 }, { arguments: '{"x"' }),
      toolDelta({ index: 1 }, { arguments: '{"y":' }),
      toolDelta({ index: 0 }, { arguments: ':1}' }),
      toolDelta({ index: 1 }, { arguments: '2}' }),
    ]);
    const done = events.filter(({ type }) => type === 'response.function_call_arguments.done');
    expect(done).toMatchObject([
      { output_index: 0, arguments: '{"x":1}', name: 'f' },
      { output_index: 1, arguments: '{"y":2}', name: 'g' },
    ]);
  });

  it('arguments that are no JSON survive', async () => {
    const { output } = told(await toClient([toolDelta({ index: 0, id: 'a' }, { name: 'f', arguments: '{"x":' })]));
    expect(output).toMatchObject([{ arguments: '{"x":' }]);
  });

  it('a result is matched by call_id, not by the id of the item', () => {
    const { messages } = toUpstream({
      input: [
        { role: 'user', content: 'go' },
        { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'done' },
      ],
      tools: [TOOL],
    });
    expect(messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: 'call_1', function: { name: 'f', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'call_1' },
    ]);
  });
});

describe('pain point 2: stream end and usage', () => {
  it('the last usage counts, with the details that the schema demands', async () => {
    const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
    expect(told(await toClient([{ content: 'a' }], { ...STOP, usage })).usage).toEqual({
      input_tokens: 7,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: 3,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 10,
    });
  });

  it('an upstream that does not count is no upstream that counted 0', async () => {
    expect(told(await toClient([{ content: 'a' }])).usage).toMatchObject({ input_tokens: 7, output_tokens: 1 });
  });
});

it('pain point 3: a heartbeat is an event that is parsed, not a comment, and no invented one', () => {
  const encoder = createStreamEncoder({ frame, nowSeconds: () => 2, estimate });
  encoder.encode({ type: 'start' });
  expect(encoder.heartbeat()).toBe('event: keepalive\ndata: {"type":"keepalive","sequence_number":1}\n\n');
});

describe('pain point 4: a stream without a terminal event', () => {
  const failed: Part = { type: 'failed', error: { code: 'upstream_interrupted', message: 'It broke off.' } };
  const terminals: Record<string, Part[]> = {
    'response.completed': [{ type: 'text-delta', choice: 0, text: 'a' }, { type: 'succeeded' }],
    'response.incomplete': [{ type: 'finish', choice: 0, reason: 'length' }, { type: 'succeeded' }],
    'response.failed': [{ type: 'text-delta', choice: 0, text: 'a' }, failed],
  };
  it.each(Object.entries(terminals))('%s comes once, and nothing after it', (type, parts) => {
    const events = eventsFor([...parts, ...parts]);
    expect(events.filter((event) => /^response\.(completed|incomplete|failed)$/.test(event.type))).toHaveLength(1);
    expect(events.at(-1)?.type).toBe(type);
    expect(textFor(parts)).not.toContain('[DONE]');
  });

  it('a failure is no error event, which agents ignore', () => {
    expect(eventsFor([failed]).map(({ type }) => type)).not.toContain('error');
  });
});

describe('pain point 6: the reasoning round trip', () => {
  it('what an upstream thought goes back to it on the next turn', async () => {
    const { output } = told(await toClient([{ reasoning_content: 'hm' }, { content: 'ok' }]));
    const { messages } = toUpstream({ input: [...output, { role: 'user', content: 'more' }] });
    expect(messages).toMatchObject([{ role: 'assistant', content: 'ok', reasoning_content: 'hm' }, { role: 'user' }]);
  });

  it("another vendor's signature survives a Responses client", () => {
    const parts: Part[] = [
      { type: 'reasoning-delta', choice: 0, text: 'hm' },
      { type: 'reasoning-signature', choice: 0, signature: 'sig' },
      { type: 'succeeded' },
    ];
    const { output } = encodeOutcome(parts, { frame, completedSeconds: 2, estimate });
    const { request } = decodeRequest(parse({ input: [...output, { role: 'user', content: 'more' }] }));
    expect(request.messages[0]?.content).toEqual([{ type: 'reasoning', text: 'hm', signature: 'sig' }]);
  });

  it("a call's own signature survives beside it", () => {
    const parts: Part[] = [
      { type: 'tool-input-start', choice: 0, index: 0, id: 'c', name: 'f', signature: 'thought' },
      { type: 'succeeded' },
    ];
    const { output } = encodeOutcome(parts, { frame, completedSeconds: 2, estimate });
    const { request } = decodeRequest(parse({ input: output }));
    expect(request.messages[0]?.content).toMatchObject([{ type: 'tool-call', id: 'c', signature: 'thought' }]);
  });
});

it('pain point 8: input_tokens includes what a cache gave, as OpenAI counts', async () => {
  const usage = {
    prompt_tokens: 100,
    completion_tokens: 1,
    total_tokens: 101,
    prompt_tokens_details: { cached_tokens: 80 },
  };
  expect(told(await toClient([{ content: 'a' }], { ...STOP, usage })).usage).toMatchObject({
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 80 },
  });
});

it('pain point 9: max_output_tokens goes on under one name', () => {
  const body = toUpstream({ max_output_tokens: 9 });
  expect(body).toMatchObject({ max_completion_tokens: 9 });
  expect(body).not.toHaveProperty('max_tokens');
});

it('pain point 17: what is said to be stored upstream is not, and the chain is ours', () => {
  const body = toUpstream({ store: true, previous_response_id: ID });
  expect(body).not.toHaveProperty('store');
  expect(body).not.toHaveProperty('previous_response_id');
});

it('pain point 18: the model that really answered is told', () => {
  const events = eventsFor([
    { type: 'attempt', attempt: 1, upstream: 'openai', model: 'real', credentialId: 'c' },
    { type: 'start', model: 'real-2026' },
    { type: 'succeeded' },
  ]);
  expect(told(events).model).toBe('real-2026');
});

describe('tools', () => {
  it('are nested for the upstream, flat for the client', () => {
    expect(toUpstream({ tools: [TOOL], tool_choice: { type: 'function', name: 'f' } })).toMatchObject({
      tools: [{ type: 'function', function: { name: 'f' } }],
      tool_choice: { type: 'function', function: { name: 'f' } },
    });
  });

  it('that an agent offers and nobody here can run are no reason to refuse it', () => {
    const { ignored } = decodeRequest(parse({ tools: [TOOL, { type: 'web_search' }, { type: 'brand_new' }] }));
    expect(ignored).toEqual(['tools[1] of type web_search', 'tools[2] of type brand_new']);
  });
});

it("one upstream's answer means the same to clients of two dialects", async () => {
  const parts = await partsOf([{ reasoning_content: 'hm' }, { content: 'ok' }]);
  const anthropic = createAnthropicEncoder({ id: 'm', model: 'm', requestId: 'r', estimateInputTokens: () => 1 });
  const other = parts.map((part) => anthropic.encode(part)).join('');
  for (const text of ['hm', 'ok']) {
    expect(other).toContain(`"${text}"`);
    expect(textFor(parts)).toContain(`"${text}"`);
  }
});
