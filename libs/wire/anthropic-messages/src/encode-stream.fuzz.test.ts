import type { Part } from '@sluice/contracts/part';
import { cutAnswer, wholeAnswer } from '@sluice/wire-errors/__fixtures__/answer-order';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readMessageEvents, type ReadMessage } from './__fixtures__/event-grammar.js';
import { encodeResponse } from './encode-response.js';
import { createStreamEncoder } from './encode-stream.js';

const CONTEXT = { id: 'msg_1', model: 'm', estimateInputTokens: () => 3, requestId: 'req_1' };
const choices = 2;

function read(parts: readonly Part[]): ReadMessage {
  const encoder = createStreamEncoder(CONTEXT);
  return readMessageEvents(parts.map((part) => encoder.encode(part) + encoder.heartbeat()).join(''));
}

it('whatever comes, blocks open and close in order, between one start and one stop', () => {
  fc.assert(
    fc.property(wholeAnswer({ choices }), (parts) => {
      const { error, stopReason } = read(parts);
      expect(error).toBeUndefined();
      expect(stopReason).toMatch(/^(end_turn|max_tokens|tool_use|refusal|stop_sequence)$/);
    }),
  );
});

it('wherever it breaks off, the error is last and no stop says that all is well', () => {
  fc.assert(
    fc.property(cutAnswer({ choices }), (parts) => {
      const { error, stopReason } = read(parts);
      expect(error).toBeDefined();
      expect(stopReason).toBeNull();
    }),
  );
});

it('the events together say what the whole answer says', () => {
  fc.assert(
    fc.property(wholeAnswer({ choices, isPlain: true }), (parts) => {
      const { content, inputs } = read(parts);
      const told = content.map((block, index) =>
        block['type'] === 'tool_use' ? { ...block, input: JSON.parse(inputs[index] || '{}') as unknown } : block,
      );
      expect(told).toEqual(JSON.parse(JSON.stringify(encodeResponse(parts, CONTEXT)['content'])));
    }),
  );
});
