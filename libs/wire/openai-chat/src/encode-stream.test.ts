import type { Part } from '@sluice/contracts/part';
import fc from 'fast-check';
import OpenAI, { APIError } from 'openai';
import { describe, expect, it } from 'vitest';
import type { StreamContext } from './answer-context.js';
import { encodeResponse } from './encode-response.js';
import { createStreamEncoder } from './encode-stream.js';

const context: StreamContext = { id: 'chatcmpl-1', createdSeconds: 17, model: 'm', includeUsage: false };
const usage: Part = {
  type: 'usage',
  usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5, cachedInputTokens: 1, reasoningTokens: 1 },
};
const start: Part = { type: 'start', model: 'up', serviceTier: 'default', fingerprint: 'fp' };
const stop: Part = { type: 'finish', choice: 0, reason: 'stop' };
const done: Part = { type: 'succeeded' };

function text(value: string, choice = 0): Part {
  return { type: 'text-delta', choice, text: value };
}

function call(index: number, name: string, custom?: true): Part {
  return { type: 'tool-input-start', choice: 0, index, id: `call_${index}`, name, ...(custom && { custom }) };
}

function input(index: number, delta: string): Part {
  return { type: 'tool-input-delta', choice: 0, index, delta };
}

function stream(parts: Part[], overrides: Partial<StreamContext> = {}): string {
  const encoder = createStreamEncoder({ ...context, ...overrides });
  return parts.map((part) => encoder.encode(part)).join('');
}

function frames(parts: Part[], overrides?: Partial<StreamContext>): unknown[] {
  const all = stream(parts, overrides).split('\n\n');
  expect(all.pop()).toBe('');
  return all.map((frame) => {
    expect(frame.startsWith('data: ')).toBe(true);
    const data = frame.slice('data: '.length);
    return data === '[DONE]' ? data : JSON.parse(data);
  });
}

const head = {
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 17,
  model: 'm',
  service_tier: 'default',
  system_fingerprint: 'fp',
};

function chunk(delta: object, reason: string | null = null, index = 0): object {
  return { ...head, choices: [{ index, delta, finish_reason: reason }] };
}

const role = { role: 'assistant', content: '', refusal: null };

describe('the order of chunks', () => {
  it('is role, texts, finish, end', () => {
    expect(frames([start, text('Hel'), text('lo'), stop, usage, done])).toEqual([
      chunk(role),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({}, 'stop'),
      '[DONE]',
    ]);
  });

  it('has usage in a chunk of its own, and null in the others, only where it was asked for', () => {
    const all = frames([start, text('a'), stop, usage, done], { includeUsage: true });
    expect(all.slice(0, 3)).toEqual(
      [chunk(role), chunk({ content: 'a' }), chunk({}, 'stop')].map((each) => ({ ...each, usage: null })),
    );
    expect(all.slice(3)).toEqual([
      {
        ...head,
        choices: [],
        usage: {
          prompt_tokens: 3,
          completion_tokens: 2,
          total_tokens: 5,
          prompt_tokens_details: { cached_tokens: 1, audio_tokens: 0 },
          completion_tokens_details: {
            reasoning_tokens: 1,
            audio_tokens: 0,
            accepted_prediction_tokens: 0,
            rejected_prediction_tokens: 0,
          },
        },
      },
      '[DONE]',
    ]);
  });

  it('names a call once, then only its index, and finishes with tool_calls', () => {
    expect(
      frames([start, call(0, 'a'), input(0, '{'), call(1, 'b', true), input(1, 'x'), input(0, '}'), stop, done]).slice(
        1,
      ),
    ).toEqual([
      chunk({ tool_calls: [{ index: 0, id: 'call_0', type: 'function', function: { name: 'a', arguments: '' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{' } }] }),
      chunk({ tool_calls: [{ index: 1, id: 'call_1', type: 'custom', custom: { name: 'b', input: '' } }] }),
      chunk({ tool_calls: [{ index: 1, custom: { input: 'x' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '}' } }] }),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ]);
  });

  it('keeps a call that was cut off apart from one that is complete', () => {
    expect(frames([start, call(0, 'a'), { type: 'finish', choice: 0, reason: 'length' }, done]).at(-2)).toEqual(
      chunk({}, 'length'),
    );
  });

  it('speaks function_call to those who asked so', () => {
    expect(frames([start, call(0, 'a'), input(0, '{}'), stop, done], { isLegacyFunctions: true }).slice(1)).toEqual([
      chunk({ function_call: { name: 'a', arguments: '' } }),
      chunk({ function_call: { arguments: '{}' } }),
      chunk({}, 'function_call'),
      '[DONE]',
    ]);
  });

  it('opens each alternative with its role, also without a start, and closes what an adapter left open', () => {
    const bare = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 17, model: 'm' };
    const all = frames([text('b', 1), text('a'), stop, done]);
    expect(all).toEqual([
      { ...bare, choices: [{ index: 1, delta: role, finish_reason: null }] },
      { ...bare, choices: [{ index: 1, delta: { content: 'b' }, finish_reason: null }] },
      { ...bare, choices: [{ index: 0, delta: role, finish_reason: null }] },
      { ...bare, choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }] },
      { ...bare, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      { ...bare, choices: [{ index: 1, delta: {}, finish_reason: 'stop' }] },
      '[DONE]',
    ]);
  });

  it('carries reasoning, refusal, logprobs, annotations and speech', () => {
    const logprobs = { content: [] };
    const parts: Part[] = [
      start,
      { type: 'reasoning-delta', choice: 0, text: 'r' },
      { type: 'reasoning-signature', choice: 0, signature: 's' },
      { type: 'refusal-delta', choice: 0, text: 'n' },
      { type: 'text-delta', choice: 0, text: 't', logprobs },
      { type: 'annotations', choice: 0, annotations: [{ a: 1 }] },
      { type: 'audio-delta', choice: 0, audio: { data: 'AA' } },
    ];
    expect(frames(parts).slice(1)).toEqual([
      chunk({ reasoning_content: 'r' }),
      chunk({ reasoning_details: [{ type: 'reasoning.text', signature: 's' }] }),
      chunk({ refusal: 'n' }),
      { ...head, choices: [{ index: 0, delta: { content: 't' }, logprobs, finish_reason: null }] },
      chunk({ annotations: [{ a: 1 }] }),
      chunk({ audio: { data: 'AA' } }),
    ]);
  });

  it('ends with an error object and [DONE] where it failed and the client waits for that', () => {
    const encoder = createStreamEncoder({ ...context, endsAfterError: true });
    const error = { code: 'upstream_error', message: 'gone' } as const;
    expect(encoder.encode({ type: 'failed', error })).toMatch(/^data: \{"error":.*\}\n\ndata: \[DONE\]\n\n$/);
    expect(encoder.encode({ type: 'cancelled', reason: 'asked' })).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('ends with an error object, and no [DONE], where it failed', () => {
    const failed: Part = { type: 'failed', error: { code: 'upstream_interrupted', message: 'gone' } };
    expect(frames([start, text('a'), failed]).at(-1)).toEqual({
      error: { message: 'gone', type: 'server_error', param: null, code: 'upstream_interrupted' },
    });
  });

  it('says nothing of what only the gateway needs to know', () => {
    expect(stream([{ type: 'attempt', attempt: 1, upstream: 'u', model: 'm', credentialId: 'c' }])).toBe('');
    expect(stream([start, start, text('a')])).toBe(stream([start, text('a')]));
  });

  it('beats in comments', () => {
    expect(createStreamEncoder(context).heartbeat()).toBe(': ping\n\n');
  });
});

describe('the openai SDK', () => {
  function client(body: string, type: string): OpenAI {
    const fetch = () => Promise.resolve(new Response(body, { headers: { 'content-type': type } }));
    return new OpenAI({ apiKey: 'k', baseURL: 'http://gateway.test/v1', fetch });
  }

  it('collects from a stream what the whole answer says', async () => {
    const parts = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme', minLength: 1 }).map((value) => text(value)),
        fc.constant<Part>({ type: 'refusal-delta', choice: 0, text: 'n' }),
      ),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(parts, fc.boolean(), async (middle, hasCall) => {
        const calls = hasCall ? [call(0, 'f'), input(0, '{"a":'), input(0, '1}')] : [];
        const all = [start, ...middle, ...calls, stop, usage, done];
        const body = stream(all, { includeUsage: true });
        const streamed = client(`: ping\n\n${body}`, 'text/event-stream').chat.completions.stream({
          model: 'm',
          messages: [],
        });
        const { choices, usage: counted } = await streamed.finalChatCompletion();
        const whole = encodeResponse(all, context) as unknown as OpenAI.ChatCompletion;
        expect(choices[0]?.finish_reason).toBe(whole.choices[0]?.finish_reason);
        expect(choices[0]?.message.content ?? '').toBe(whole.choices[0]?.message.content ?? '');
        expect(choices[0]?.message.refusal ?? null).toBe(whole.choices[0]?.message.refusal ?? null);
        expect(choices[0]?.message.tool_calls?.map(({ id, type }) => ({ id, type }))).toEqual(
          whole.choices[0]?.message.tool_calls?.map(({ id, type }) => ({ id, type })),
        );
        expect(counted?.total_tokens).toBe(5);
      }),
      { numRuns: 40 },
    );
  });

  it('throws the error that a stream tells', async () => {
    const body = stream([start, { type: 'failed', error: { code: 'upstream_error', message: 'gone' } }]);
    const streamed = await client(body, 'text/event-stream').chat.completions.create({
      model: 'm',
      messages: [],
      stream: true,
    });
    const read = async (): Promise<void> => {
      for await (const each of streamed) expect(each.id).toBe('chatcmpl-1');
    };
    await expect(read()).rejects.toThrow(APIError);
  });
});
