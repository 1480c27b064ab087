import type { Part } from '@sluice/contracts/part';
import { applyHabits } from '@sluice/wire-openai-chat/apply-habits';
import { decodeStream } from '@sluice/wire-openai-chat/decode-stream';
import { encodeRequest } from '@sluice/wire-openai-chat/encode-request';
import type { SseEvent } from '@sluice/wire-sse/sse-event';
import { expect, it } from 'vitest';
import type { DecodedCall } from '../generations/dialect-endpoint.js';
import { generateEndpoint } from './generate.endpoint.js';

/** A Gemini client in front of an upstream that speaks Chat Completions: what is counted and limited. */
function decode(body: object): DecodedCall {
  const call = generateEndpoint({ model: 'alias', form: 'array' })(
    { contents: [{ parts: [{ text: 'Hello' }] }], ...body },
    { keyId: 'k', requestId: 'req_1', traceparent: '', deadlineMs: 1, bodyBytes: 1 },
  );
  if (call instanceof Promise) throw new Error('nothing is looked up');
  return call;
}

async function* answerWith(usage: object | null): AsyncGenerator<SseEvent> {
  yield { data: JSON.stringify({ model: 'real-2026', choices: [{ index: 0, delta: { content: 'some words' } }] }) };
  yield { data: JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) };
  yield { data: JSON.stringify({ choices: [], usage }) };
  yield { data: '[DONE]' };
}

/** What the client reads last. */
async function lastOf(usage: object | null): Promise<unknown> {
  const encoder = decode({}).openStream({ generationId: 'gen_1', createdAtMs: 0, model: 'real-2026' });
  const parts: Part[] = [];
  for await (const part of decodeStream(answerWith(usage))) parts.push(part);
  const text = [...parts, { type: 'succeeded' } as const].map((part) => encoder.encode(part)).join('');
  return (JSON.parse(text) as unknown[]).at(-1);
}

it('pain point 2: usage that an upstream does not tell is not told as zero', async () => {
  expect(await lastOf(null)).not.toHaveProperty('usageMetadata');
});

it('pain point 8: usage accounting with caches: what was cached is part of the prompt, and told beside it', async () => {
  const details = { cached_tokens: 80 };
  const usage = { prompt_tokens: 100, completion_tokens: 5, total_tokens: 105, prompt_tokens_details: details };
  expect(await lastOf(usage)).toMatchObject({
    usageMetadata: {
      promptTokenCount: 100,
      cachedContentTokenCount: 80,
      candidatesTokenCount: 5,
      totalTokenCount: 105,
    },
  });
});

it.each([
  [undefined, { max_completion_tokens: 9 }],
  ['max_tokens', { max_tokens: 9 }],
] as const)('pain point 9: maxOutputTokens goes on under the one name of the vendor (%s)', (tokenLimit, expected) => {
  const { input } = decode({ generationConfig: { maxOutputTokens: 9 } });
  if (input.kind !== 'chat') throw new Error('no chat');
  const encoded = encodeRequest(input.request, { model: 'real', isStreamed: true });
  const { max_tokens, max_completion_tokens } = applyHabits(encoded, tokenLimit ? { tokenLimit } : {});
  expect(JSON.parse(JSON.stringify({ max_tokens, max_completion_tokens }))).toEqual(expected);
});

it('pain point 18: the model that really answered is told', async () => {
  expect(await lastOf(null)).toMatchObject({ modelVersion: 'real-2026' });
});
