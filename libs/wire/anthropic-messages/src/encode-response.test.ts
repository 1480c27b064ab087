import type { Part } from '@sluice/contracts/part';
import { describe, expect, it } from 'vitest';
import type { AnswerContext } from './answer-context.js';
import { encodeResponse } from './encode-response.js';

const context: AnswerContext = { id: 'msg_1', model: 'm', estimateInputTokens: () => 9, stopSequences: ['END'] };
const text: Part = { type: 'text-delta', choice: 0, text: 'a' };
const call: Part = { type: 'tool-input-start', choice: 0, index: 0, id: 'c', name: 'f', signature: 'g' };

function input(delta: string): Part {
  return { type: 'tool-input-delta', choice: 0, index: 0, delta };
}

function finish(reason: 'stop' | 'length' | 'tool-calls' | 'content-filter', stopSequence?: string): Part {
  return { type: 'finish', choice: 0, reason, ...(stopSequence !== undefined && { stopSequence }) };
}

it('is a whole message', () => {
  const usage: Part = { type: 'usage', usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7, reasoningTokens: 1 } };
  expect(encodeResponse([text, text, finish('stop'), usage], context)).toEqual({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text: 'aa', citations: null }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    stop_details: null,
    container: null,
    usage: {
      input_tokens: 5,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: 2,
      output_tokens_details: { thinking_tokens: 1 },
      server_tool_use: null,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      inference_geo: null,
      service_tier: 'standard',
      speed: null,
    },
  });
});

describe('stop reasons', () => {
  it.each<[string, Part[], string]>([
    ['the end', [text, finish('stop')], 'end_turn'],
    ['no finish told', [text], 'end_turn'],
    ['the limit', [text, finish('length')], 'max_tokens'],
    ['a filter', [text, finish('content-filter')], 'refusal'],
    ['a refusal', [{ type: 'refusal-delta', choice: 0, text: 'no' }, finish('stop')], 'refusal'],
    ['a call', [call, input('{}'), finish('tool-calls')], 'tool_use'],
    ['a call, and the upstream says stop', [call, input('{}'), finish('stop')], 'tool_use'],
    ['a whole call at the limit', [call, input('{"a":1}'), finish('length')], 'tool_use'],
    ['a call that the limit cut off', [call, input('{"a":'), finish('length')], 'max_tokens'],
    ['a sequence', [text, finish('stop', 'END')], 'stop_sequence'],
    ['a sequence that nobody asked for', [text, finish('stop', 'end_turn')], 'end_turn'],
  ])('%s', (_name, parts, reason) => {
    expect(encodeResponse(parts, context)).toMatchObject({
      stop_reason: reason,
      stop_sequence: reason === 'stop_sequence' ? 'END' : null,
    });
  });
});

it.each<[string, object]>([
  ['', {}],
  ['{"a":1}', { a: 1 }],
  ['{"a":', { invalid_json: '{"a":' }],
  ['[1]', { invalid_json: '[1]' }],
])('the input %j becomes an object', (json, expected) => {
  const { content } = encodeResponse([call, input(json), finish('stop')], context);
  expect(content).toEqual([
    {
      type: 'tool_use',
      id: 'c',
      name: 'f',
      caller: { type: 'direct' },
      extra_content: { google: { thought_signature: 'g' } },
      input: expected,
    },
  ]);
});

it('throws what failed', () => {
  expect(() => encodeResponse([{ type: 'failed', error: { code: 'internal', message: 'broke' } }], context)).toThrow(
    'broke',
  );
});
