import type { Part } from '@sluice/contracts/part';
import { createStreamEncoder } from '@sluice/wire-anthropic-messages/encode-stream';
import { decodeStream } from '@sluice/wire-openai-chat/decode-stream';
import { encodeRequest } from '@sluice/wire-openai-chat/encode-request';
import type { SseEvent } from '@sluice/wire-sse/sse-event';
import { describe, expect, it } from 'vitest';
import { messagesEndpoint } from './messages.endpoint.js';

/** An Anthropic client in front of an upstream that speaks Chat Completions: what is known to go wrong elsewhere. */
const TOOL = { name: 'f', input_schema: { type: 'object', properties: {} } };
const HELLO = { role: 'user', content: 'Hello' };

function toUpstream(body: object): Record<string, unknown> {
  const decoded = messagesEndpoint({ version: '2023-06-01', requestId: 'req_1' })({
    model: 'm',
    max_tokens: 50,
    messages: [HELLO],
    ...body,
  });
  if (decoded.input.kind !== 'chat') throw new Error('no chat');
  const encoded = encodeRequest(decoded.input.request, { model: 'real', isStreamed: true });
  return JSON.parse(JSON.stringify(encoded)) as Record<string, unknown>;
}

type Delta = Record<string, unknown>;

async function* chunks(deltas: Delta[], last: object): AsyncGenerator<SseEvent> {
  for (const delta of deltas) yield { data: JSON.stringify({ choices: [{ index: 0, delta }] }) };
  yield { data: JSON.stringify(last) };
  yield { data: '[DONE]' };
}

/** What the client reads when the upstream sends these deltas. */
async function toClient(deltas: Delta[], last: object = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) {
  const encoder = createStreamEncoder({ id: 'msg_1', model: 'm', requestId: 'req_1', estimateInputTokens: () => 9 });
  const parts: Part[] = [];
  for await (const part of decodeStream(chunks(deltas, last))) parts.push(part);
  const text = [...parts, { type: 'succeeded' } as const].map((part) => encoder.encode(part)).join('');
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((frame) => JSON.parse(frame.slice(frame.indexOf('data: ') + 'data: '.length)) as Record<string, never>);
}

function calls(events: Record<string, never>[]) {
  const inputs = new Map<number, { id: string; name: string; json: string }>();
  for (const event of events as unknown as {
    type: string;
    index: number;
    content_block?: { type: string; id: string; name: string };
    delta?: { partial_json?: string };
  }[]) {
    const { index, content_block: block, delta } = event;
    if (block?.type === 'tool_use') inputs.set(index, { id: block.id, name: block.name, json: '' });
    const open = inputs.get(index);
    if (open !== undefined) open.json += delta?.partial_json ?? '';
  }
  return [...inputs.values()];
}

const toolDelta = (fields: object, body: object) => ({ tool_calls: [{ ...fields, function: body }] });

describe('pain point 1: streaming tool calls broken in translation', () => {
  it('calls that all have index 0 stay apart', async () => {
    const events = await toClient([
      toolDelta({ index: 0, id: 'a', type: 'function' }, { name: 'f', arguments: '{"x":1}' }),
      toolDelta({ index: 0, id: 'b', type: 'function' }, { name: 'g', arguments: '{"y":2}' }),
    ]);
    expect(calls(events)).toEqual([
      { id: 'a', name: 'f', json: '{"x":1}' },
      { id: 'b', name: 'g', json: '{"y":2}' },
    ]);
  });

  it('interleaved deltas end up in their own blocks', async () => {
    const events = await toClient([
      toolDelta({ index: 0, id: 'a' }, { name: 'f', arguments: '' }),
      toolDelta({ index: 1, id: 'b' }, { name: 'g', arguments: '' }),
      toolDelta({ index: 0 }, { arguments: '{"x"' }),
      toolDelta({ index: 1 }, { arguments: '{"y":' }),
      toolDelta({ index: 0 }, { arguments: ':1}' }),
      toolDelta({ index: 1 }, { arguments: '2}' }),
    ]);
    expect(calls(events).map(({ json }) => json)).toEqual(['{"x":1}', '{"y":2}']);
  });

  it('a call without arguments and without id has both', async () => {
    const [call] = calls(await toClient([toolDelta({ index: 0 }, { name: 'f' })]));
    expect(call).toMatchObject({ name: 'f', json: '' });
    expect(call?.id).toMatch(/^call_/);
  });

  it('an upstream that says stop after a call still ends with tool_use', async () => {
    const events = await toClient([toolDelta({ index: 0, id: 'a' }, { name: 'f', arguments: '{}' })]);
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' } });
  });

  it('calls and results go up with their ids, results before text', () => {
    const { messages } = toUpstream({
      tools: [TOOL],
      messages: [
        HELLO,
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'on it' },
            { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'and?' },
            { type: 'tool_result', tool_use_id: 'toolu_1', content: 'gone', is_error: true },
          ],
        },
      ],
    });
    expect(messages).toEqual([
      { role: 'user', content: 'Hello' },
      {
        role: 'assistant',
        content: 'on it',
        tool_calls: [{ id: 'toolu_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 'toolu_1', content: 'Error:\ngone' },
      { role: 'user', content: 'and?' },
    ]);
  });

  it('an image that a tool returned reaches upstreams that take only text from tools', () => {
    const result = [
      { type: 'text', text: 'seen' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } },
    ];
    const { messages } = toUpstream({
      messages: [
        HELLO,
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: result }] },
      ],
    });
    expect((messages as unknown[]).slice(2)).toEqual([
      { role: 'tool', tool_call_id: 't', content: 'seen' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Attached to the result of t:' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
        ],
      },
    ]);
  });
});

describe('pain point 2: stream end and usage', () => {
  it.each([
    ['no usage at all', { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }],
    ['usage null', { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null }],
  ])('%s is an estimate, not zero, and the message stops once', async (_name, last) => {
    const events = await toClient([{ content: 'some words' }], last);
    expect(events.at(-2)).toMatchObject({ type: 'message_delta', usage: { input_tokens: 9, output_tokens: 3 } });
    expect(events.filter(({ type }) => type === 'message_stop')).toHaveLength(1);
  });

  it('a last chunk with usage alone corrects the estimate of the start', async () => {
    const last = { choices: [], usage: { prompt_tokens: 40, completion_tokens: 2, total_tokens: 42 } };
    const events = await toClient([{ content: 'a' }, {}], last);
    expect(events[0]).toMatchObject({ message: { usage: { input_tokens: 9 } } });
    expect(events.at(-2)).toMatchObject({ usage: { input_tokens: 40, output_tokens: 2 } });
  });
});

it('pain point 3: keep-alive of the wrong kind: heartbeats are events, which clients parse and skip', () => {
  const encoder = createStreamEncoder({ id: 'msg_1', model: 'm', requestId: 'r', estimateInputTokens: () => 9 });
  expect(encoder.heartbeat()).toBe('event: ping\ndata: {"type":"ping"}\n\n');
});

describe('pain point 6: the reasoning round trip', () => {
  it('a signature comes out and goes back in', async () => {
    const events = await toClient([
      { reasoning_content: 'why' },
      { reasoning_details: [{ type: 'reasoning.text', signature: 'sig' }] },
      { content: 'so' },
    ]);
    expect(JSON.stringify(events)).toContain('"signature_delta","signature":"sig"');
    const content = [
      { type: 'thinking', thinking: 'why', signature: 'sig' },
      { type: 'text', text: 'so' },
    ];
    const { messages } = toUpstream({ messages: [HELLO, { role: 'assistant', content }, HELLO] });
    expect((messages as unknown[])[1]).toEqual({
      role: 'assistant',
      content: 'so',
      reasoning_content: 'why',
      reasoning_details: [{ type: 'reasoning.text', text: 'why', signature: 'sig' }],
    });
  });

  it('unsigned reasoning survives clients that drop what has no signature, and goes back as it was', async () => {
    const events = await toClient([{ reasoning_content: 'why' }, { content: 'so' }]);
    const signature = JSON.stringify(events).match(/"signature_delta","signature":"([^"]+)"/)?.[1];
    const content = [
      { type: 'thinking', thinking: 'why', signature },
      { type: 'text', text: 'so' },
    ];
    const { messages } = toUpstream({ messages: [HELLO, { role: 'assistant', content }, HELLO] });
    expect((messages as unknown[])[1]).toEqual({ role: 'assistant', content: 'so', reasoning_content: 'why' });
  });

  it('sealed reasoning that the upstream cannot carry does not break it', () => {
    const content = [
      { type: 'redacted_thinking', data: 'x' },
      { type: 'text', text: 'so' },
    ];
    const { messages } = toUpstream({ messages: [HELLO, { role: 'assistant', content }, HELLO] });
    expect((messages as unknown[])[1]).toEqual({ role: 'assistant', content: 'so' });
  });
});

describe('pain point 8: usage accounting with caches', () => {
  it.each([
    [{ cached_tokens: 30, cache_write_tokens: 10 }, 60, 30, 10],
    [{ cached_tokens: 130 }, 0, 130, 0],
  ])('%j', async (details, input, read, written) => {
    const usage = { prompt_tokens: 100, completion_tokens: 5, total_tokens: 105, prompt_tokens_details: details };
    const events = await toClient([{ content: 'a' }], { choices: [], usage });
    expect(events.at(-2)).toMatchObject({
      usage: {
        input_tokens: input,
        cache_read_input_tokens: read,
        cache_creation_input_tokens: written,
        output_tokens: 5,
      },
    });
  });
});

it('pain point 9: max_tokens and max_completion_tokens are never both sent', () => {
  const sent = toUpstream({});
  expect([sent['max_completion_tokens'], sent['max_tokens']]).toEqual([50, undefined]);
});

describe('mapping, field by field', () => {
  it.each([
    [
      {
        system: [
          { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } },
          { type: 'text', text: 'b' },
        ],
      },
      {
        messages: [
          { role: 'system', content: 'a\nb' },
          { role: 'user', content: 'Hello' },
        ],
      },
    ],
    [
      { messages: [HELLO, { role: 'system', content: 'now' }, HELLO] },
      {
        messages: [
          { role: 'user', content: 'Hello' },
          { role: 'system', content: 'now' },
          { role: 'user', content: 'Hello' },
        ],
      },
    ],
    [{ tools: [TOOL] }, { tools: [{ type: 'function', function: { name: 'f', parameters: TOOL.input_schema } }] }],
    [{ tools: [TOOL], tool_choice: { type: 'any' } }, { tool_choice: 'required' }],
    [
      { tools: [TOOL], tool_choice: { type: 'tool', name: 'f' } },
      { tool_choice: { type: 'function', function: { name: 'f' } } },
    ],
    [
      { tools: [TOOL], tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
      { tool_choice: 'auto', parallel_tool_calls: false },
    ],
    [{ stop_sequences: ['x'] }, { stop: ['x'] }],
    [{ output_config: { effort: 'low' } }, { reasoning_effort: 'low' }],
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, { reasoning_effort: 'low' }],
    [{ thinking: { type: 'enabled', budget_tokens: 8192 } }, { reasoning_effort: 'medium' }],
    [{ thinking: { type: 'enabled', budget_tokens: 32_000 } }, { reasoning_effort: 'high' }],
    [
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
      { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } } },
    ],
    [
      { temperature: 0.5, top_p: 0.4 },
      { temperature: 0.5, top_p: 0.4 },
    ],
    [{ metadata: { user_id: 'short' } }, { safety_identifier: 'short' }],
  ])('%j', (body, expected) => expect(toUpstream(body)).toMatchObject(expected));

  it('what was not asked is not sent', () => {
    expect(Object.keys(toUpstream({ thinking: { type: 'disabled' }, service_tier: 'auto' })).toSorted()).toEqual([
      'max_completion_tokens',
      'messages',
      'model',
      'stream',
      'stream_options',
    ]);
  });

  it("a user's name that OpenAI finds too long is hashed", () => {
    expect(toUpstream({ metadata: { user_id: 'u'.repeat(200) } })['safety_identifier']).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['length', 'max_tokens'],
    ['content_filter', 'refusal'],
    ['stop', 'end_turn'],
  ])('%s is %s', async (reason, expected) => {
    const events = await toClient([{ content: 'a' }], { choices: [{ index: 0, delta: {}, finish_reason: reason }] });
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: expected } });
  });
});
