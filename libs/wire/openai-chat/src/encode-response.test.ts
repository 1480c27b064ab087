import type { Part } from '@sluice/contracts/part';
import { expect, it } from 'vitest';
import { encodeResponse } from './encode-response.js';

const context = { id: 'chatcmpl-1', createdSeconds: 17, model: 'm' };

function choices(parts: Part[], overrides: object = {}): unknown {
  return JSON.parse(JSON.stringify(encodeResponse(parts, { ...context, ...overrides })))['choices'];
}

it('has every member that is required, and none that nobody told', () => {
  const parts: Part[] = [
    { type: 'start' },
    { type: 'text-delta', choice: 0, text: 'a' },
    { type: 'finish', choice: 0, reason: 'stop' },
  ];
  expect(JSON.parse(JSON.stringify(encodeResponse(parts, context)))).toEqual({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 17,
    model: 'm',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'a', refusal: null }, logprobs: null, finish_reason: 'stop' },
    ],
  });
});

it('has null content where an answer only calls', () => {
  const parts: Part[] = [
    { type: 'tool-input-start', choice: 0, index: 0, id: 'c', name: 'f', signature: 's' },
    { type: 'tool-input-delta', choice: 0, index: 0, delta: '{' },
    { type: 'tool-input-delta', choice: 0, index: 0, delta: '}' },
    { type: 'finish', choice: 0, reason: 'stop' },
  ];
  const call = {
    id: 'c',
    type: 'function',
    function: { name: 'f', arguments: '{}' },
    extra_content: { google: { thought_signature: 's' } },
  };
  const message = { role: 'assistant', content: null, refusal: null, tool_calls: [call] };
  expect(choices(parts)).toEqual([{ index: 0, message, logprobs: null, finish_reason: 'tool_calls' }]);
  const legacy = { role: 'assistant', content: null, refusal: null, function_call: { name: 'f', arguments: '{}' } };
  expect(choices(parts, { isLegacyFunctions: true })).toEqual([
    { index: 0, message: legacy, logprobs: null, finish_reason: 'function_call' },
  ]);
});

it('joins what came in pieces', () => {
  const token = (name: string): object => ({ token: name });
  const parts = [
    { type: 'reasoning-delta', choice: 1, text: 'r1' },
    { type: 'reasoning-delta', choice: 1, text: 'r2' },
    { type: 'reasoning-signature', choice: 1, signature: 's' },
    { type: 'text-delta', choice: 1, text: 'a', logprobs: { content: [token('a')], refusal: null } },
    { type: 'text-delta', choice: 1, text: 'b', logprobs: { content: [token('b')], refusal: null } },
    { type: 'audio-delta', choice: 1, audio: { id: 'x', data: 'AA' } },
    { type: 'audio-delta', choice: 1, audio: { data: 'BB', expires_at: 5 } },
    { type: 'finish', choice: 1, reason: 'length' },
    { type: 'refusal-delta', choice: 0, text: 'no' },
    { type: 'finish', choice: 0, reason: 'content-filter' },
  ] as Part[];
  expect(choices(parts)).toEqual([
    {
      index: 0,
      message: { role: 'assistant', content: null, refusal: 'no' },
      logprobs: null,
      finish_reason: 'content_filter',
    },
    {
      index: 1,
      message: {
        role: 'assistant',
        content: 'ab',
        refusal: null,
        reasoning_content: 'r1r2',
        reasoning_details: [{ type: 'reasoning.text', text: 'r1r2', signature: 's' }],
        audio: { id: 'x', data: 'AABB', expires_at: 5 },
      },
      logprobs: { content: [token('a'), token('b')], refusal: null },
      finish_reason: 'length',
    },
  ]);
});

it('throws what failed', () => {
  expect(() => encodeResponse([{ type: 'failed', error: { code: 'overloaded', message: 'later' } }], context)).toThrow(
    'later',
  );
});
