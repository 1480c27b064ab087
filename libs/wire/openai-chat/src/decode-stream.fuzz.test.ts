import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { checkParts } from '@sluice/wire-errors/__fixtures__/check-parts';
import { anyJson, mutatedBody } from '@sluice/wire-errors/__fixtures__/mutated-body';
import type { SseEvent } from '@sluice/wire-sse/sse-event';
import fc from 'fast-check';
import { it } from 'vitest';
import { decodeResponse } from './decode-response.js';
import { decodeStream } from './decode-stream.js';

const chunkOf = (delta: JsonObject, reason: string | null = null): JsonObject => ({
  id: 'c',
  model: 'm',
  service_tier: 'default',
  choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
});
const call = { index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":' } };
const chunks: JsonObject[] = [
  chunkOf({ role: 'assistant', content: '' }),
  chunkOf({ content: 'text', reasoning_content: 'thought', refusal: null }),
  chunkOf({
    content: [
      { type: 'thinking', thinking: [{ type: 'text', text: 't' }] },
      { type: 'text', text: 'x' },
    ],
  }),
  chunkOf({ reasoning_details: [{ type: 'reasoning.text', signature: 's' }], annotations: [{ type: 'url_citation' }] }),
  chunkOf({ tool_calls: [call, { index: 1, id: 'c2', type: 'custom', custom: { name: 'g', input: 'x' } }] }),
  chunkOf({ tool_calls: [{ index: 0, function: { arguments: '1}' }, extra_content: { google: {} } }] }),
  chunkOf({ function_call: { name: 'f', arguments: '' }, audio: { transcript: 'a' } }),
  chunkOf({}, 'tool_calls'),
  {
    choices: [],
    usage: { prompt_tokens: 1, completion_tokens: 2, completion_tokens_details: { reasoning_tokens: 1 } },
  },
  { error: { message: 'no', type: 'server_error', code: 500 } },
];
const whole: JsonObject = {
  id: 'c',
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'x', tool_calls: [call] }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1 },
};

const event: fc.Arbitrary<SseEvent> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...chunks.slice(0, -1)).map((json) => ({ data: JSON.stringify(json) })) },
  { weight: 6, arbitrary: mutatedBody(chunks).map((json) => ({ data: JSON.stringify(json) })) },
  { weight: 1, arbitrary: anyJson.map((json) => ({ data: JSON.stringify(json) })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<SseEvent>({ data: '[DONE]' }, { data: '{"cut' }, { event: 'error', data: 'x' }),
  },
);

it('whatever a vendor sends, the parts are in order, or the answer fails as an upstream answer does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 12 }), async (events) => {
      const parts: ChatPart[] = [];
      let failure: unknown;
      try {
        for await (const part of decodeStream(fromArray(events))) parts.push(part);
      } catch (error) {
        failure = error;
        if (!(error instanceof GatewayError)) throw error;
      }
      checkParts(parts, { isWhole: failure === undefined });
    }),
  );
});

it('whatever a vendor answers as a whole, the same', () => {
  fc.assert(
    fc.property(fc.oneof(mutatedBody([whole]), anyJson), (json) => {
      try {
        checkParts(decodeResponse(json), { isWhole: true });
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
      }
    }),
  );
});

async function* fromArray(events: readonly SseEvent[]): AsyncGenerator<SseEvent, void, undefined> {
  yield* events;
}
