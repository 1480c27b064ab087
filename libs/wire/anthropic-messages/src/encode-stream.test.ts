import Anthropic, { APIError } from '@anthropic-ai/sdk';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { Part } from '@sluice/contracts/part';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFrames, readMessageEvents } from './__fixtures__/event-grammar.js';
import type { StreamContext } from './answer-context.js';
import { encodeResponse } from './encode-response.js';
import { createStreamEncoder } from './encode-stream.js';

const context: StreamContext = { id: 'msg_1', model: 'm', requestId: 'req_1', estimateInputTokens: () => 9 };
const stop: Part = { type: 'finish', choice: 0, reason: 'stop' };
const done: Part = { type: 'succeeded' };
const usage: Part = {
  type: 'usage',
  usage: { inputTokens: 30, outputTokens: 7, totalTokens: 37, cachedInputTokens: 10, cacheWriteTokens: 5 },
};

const text = (value: string): Part => ({ type: 'text-delta', choice: 0, text: value });
const think = (value: string): Part => ({ type: 'reasoning-delta', choice: 0, text: value });
const sign = (signature: string): Part => ({ type: 'reasoning-signature', choice: 0, signature });
const call = (index: number): Part => ({ type: 'tool-input-start', choice: 0, index, id: `call_${index}`, name: 'f' });
const input = (index: number, delta: string): Part => ({ type: 'tool-input-delta', choice: 0, index, delta });

function stream(parts: Part[], overrides: Partial<StreamContext> = {}): string {
  const encoder = createStreamEncoder({ ...context, ...overrides });
  return parts.map((part) => encoder.encode(part)).join('');
}

function kinds(parts: Part[]): string[] {
  return parseFrames(stream(parts)).map(({ type, index, delta, content_block: block }) => {
    const inner = (delta ?? block) as { type?: string } | undefined;
    return [type, index, inner?.type].filter((each) => each !== undefined).join(' ');
  });
}

describe('the order of events', () => {
  it('text', () => {
    expect(kinds([{ type: 'start' }, text('a'), text(''), text('b'), stop, usage, done])).toEqual([
      'message_start',
      'content_block_start 0 text',
      'content_block_delta 0 text_delta',
      'content_block_delta 0 text_delta',
      'content_block_stop 0',
      'message_delta',
      'message_stop',
    ]);
  });

  it('text, a call and text again are three blocks', () => {
    const { content, stopReason } = readMessageEvents(
      stream([text('a'), call(0), input(0, '{}'), text('b'), stop, done]),
    );
    expect(content.map(({ type }) => type)).toEqual(['text', 'tool_use', 'text']);
    expect(stopReason).toBe('tool_use');
  });

  it('calls whose deltas come in turn are told one after the other, each as soon as those before it are whole', () => {
    const encoder = createStreamEncoder(context);
    const early = [call(0), input(0, '{"a"'), call(1), input(1, '{"b":2}')]
      .map((part) => encoder.encode(part))
      .join('');
    expect(early).not.toContain('call_1');
    expect(encoder.encode(input(0, ':1}'))).toContain('call_1');
    expect(encoder.encode(stop) + encoder.encode(done)).toContain('"stop_reason":"tool_use"');
  });

  it('a signature seals its thinking', () => {
    const parts = [think('a'), sign('s1'), think('b'), sign('s2'), text('x'), stop, done];
    expect(readMessageEvents(stream(parts)).content).toEqual([
      { type: 'thinking', thinking: 'a', signature: 's1' },
      { type: 'thinking', thinking: 'b', signature: 's2' },
      { type: 'text', text: 'x', citations: null },
    ]);
  });

  it('redacted thinking comes whole, in its place', () => {
    const parts: Part[] = [{ type: 'redacted-reasoning', choice: 0, data: 'sealed' }, text('x'), stop, done];
    expect(readMessageEvents(stream(parts)).content[0]).toEqual({ type: 'redacted_thinking', data: 'sealed' });
  });

  it('an error ends it at any point, and names the request', () => {
    const failed: Part = { type: 'failed', error: { code: 'upstream_interrupted', message: 'gone' } };
    const frames = parseFrames(stream([text('a'), failed, text('b'), done]));
    expect(frames.at(-1)).toEqual({
      type: 'error',
      error: { type: 'api_error', message: 'gone' },
      request_id: 'req_1',
    });
    expect(frames.filter(({ type }) => type === 'message_stop')).toEqual([]);
  });

  it('a warmed-up cache is answered without content', () => {
    const read = readMessageEvents(stream([text('a'), stop, usage, done], { isWarmUp: true }));
    expect(read).toMatchObject({ content: [], stopReason: 'max_tokens' });
  });
});

const wordArbitrary = fc.string({ maxLength: 6, unit: 'grapheme' });
const partArbitrary: fc.Arbitrary<Part> = fc.oneof(
  wordArbitrary.map(text),
  wordArbitrary.map(think),
  wordArbitrary.map(sign),
  fc.record({ type: fc.constant('redacted-reasoning' as const), choice: fc.constant(0), data: wordArbitrary }),
  fc.record({ type: fc.constant('refusal-delta' as const), choice: fc.constant(0), text: wordArbitrary }),
  fc.nat(3).map(call),
  fc.tuple(fc.nat(3), fc.oneof(wordArbitrary, fc.constantFrom('{', '}', '{}', '"a":1'))).map(([i, d]) => input(i, d)),
  fc.constantFrom<Part>(stop, usage, { type: 'start' }, { type: 'text-delta', choice: 1, text: 'other' }),
  fc.constantFrom<Part>(
    { type: 'finish', choice: 0, reason: 'length' },
    { type: 'attempt', attempt: 1, upstream: 'u', model: 'm', credentialId: 'c' },
    { type: 'failed', error: { code: 'internal', message: 'm' } },
  ),
);

it('any parts in any order are a stream that keeps to the grammar', () => {
  fc.assert(
    fc.property(fc.array(partArbitrary, { maxLength: 40 }), (parts) => {
      const read = readMessageEvents(stream([...parts, done]));
      if (read.error !== undefined) return;
      const shown = read.content
        .filter(({ type }) => type === 'text')
        .map((block) => block['text'])
        .join('');
      const said = parts.map((part) =>
        'text' in part && 'choice' in part && part.choice === 0 && part.type !== 'reasoning-delta' ? part.text : '',
      );
      expect(shown).toBe(said.join(''));
    }),
    { numRuns: 500 },
  );
});

/** Calls with real inputs, cut anywhere and dealt into one another, with text between. */
const answerArbitrary = fc
  .array(
    fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 1 }), {
      minKeys: 1,
      maxKeys: 2,
      noNullPrototype: true,
    }),
    { maxLength: 3 },
  )
  .chain((inputs) => {
    const lists = inputs.map((value, index) =>
      fc
        .array(fc.nat(200), { maxLength: 4 })
        .map((cuts) => [call(index), ...cut(JSON.stringify(value), cuts).map((piece) => input(index, piece))]),
    );
    const words = fc.array(wordArbitrary.map(text), { maxLength: 4 });
    return fc.tuple(fc.constant(inputs), fc.tuple(words, ...lists), fc.infiniteStream(fc.nat(100)));
  })
  .map(([inputs, lists, choices]) => ({ inputs, parts: deal(lists, choices) }));

function cut(json: string, positions: number[]): string[] {
  const edges = [...new Set([0, ...positions.map((position) => position % json.length), json.length])].toSorted(
    (a, b) => a - b,
  );
  return edges.slice(1).map((edge, index) => json.slice(edges[index], edge));
}

function deal(lists: Part[][], choices: Iterator<number>): Part[] {
  const rests = lists.map((list) => [...list]);
  const dealt: Part[] = [];
  for (;;) {
    const full = rests.filter((list) => list.length > 0);
    if (full.length === 0) return dealt;
    const list = full[Number(choices.next().value) % full.length];
    const part = list?.shift();
    if (part !== undefined) dealt.push(part);
  }
}

it('every call keeps its id, its place and its input however its deltas are cut and mixed', () => {
  fc.assert(
    fc.property(answerArbitrary, ({ inputs, parts }) => {
      const all = [...parts, stop, usage, done];
      const read = readMessageEvents(stream(all));
      const calls = read.content.flatMap((block, index) =>
        block['type'] === 'tool_use' ? [{ block, input: read.inputs[index] }] : [],
      );
      expect(calls).toHaveLength(inputs.length);
      for (const { block, input: json } of calls) {
        const index = Number(String(block['id']).slice('call_'.length));
        expect(JSON.parse(json ?? '')).toEqual(JSON.parse(JSON.stringify(inputs[index])));
      }
      expect(read.stopReason).toBe(inputs.length > 0 ? 'tool_use' : 'end_turn');
      const whole = encodeResponse(all, context) as { content: { type: string }[]; stop_reason: string };
      expect(whole.content.map(({ type }) => type)).toEqual(read.content.map(({ type }) => type));
      expect(whole.stop_reason).toBe(read.stopReason);
    }),
    { numRuns: 300 },
  );
});

function sdkFor(body: string, cutEveryBytes: number): Anthropic {
  const bytes = new TextEncoder().encode(body);
  const pieces = Array.from({ length: Math.ceil(bytes.length / cutEveryBytes) }, (_, index) =>
    bytes.slice(index * cutEveryBytes, (index + 1) * cutEveryBytes),
  );
  const fetch = async () =>
    new Response(ReadableStream.from(pieces) as ReadableStream, { headers: { 'content-type': 'text/event-stream' } });
  return new Anthropic({ apiKey: 'k', baseURL: 'http://sluice.test', fetch, maxRetries: 0 });
}

const ask = { model: 'm', max_tokens: 9, messages: [{ role: 'user' as const, content: 'x' }] };

describe('the SDK', () => {
  it('gathers the same message as it is given whole, wherever packets are cut', async () => {
    await fc.assert(
      fc.asyncProperty(answerArbitrary, fc.integer({ min: 1, max: 97 }), async ({ parts }, cutEveryBytes) => {
        const read: Part = {
          type: 'usage',
          usage: { inputTokens: 30, outputTokens: 7, totalTokens: 37, cachedInputTokens: 10 },
        };
        const all = [think('why ☃'), sign('s'), ...parts, stop, read, done];
        const heartbeat = createStreamEncoder(context).heartbeat();
        const message = await sdkFor(heartbeat + stream(all), cutEveryBytes)
          .messages.stream(ask)
          .finalMessage();
        const { parsed_output: _, ...gathered } = JSON.parse(JSON.stringify(message)) as Record<string, unknown>;
        expect(gathered).toEqual(JSON.parse(JSON.stringify(encodeResponse(all, context))));
      }),
      { numRuns: 40 },
    );
  });

  it('throws what failed in the stream', async () => {
    const failed: Part = { type: 'failed', error: { code: 'upstream_overloaded', message: 'busy' } };
    const thrown: unknown = await sdkFor(stream([text('a'), failed]), 10)
      .messages.stream(ask)
      .finalMessage()
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(APIError);
    expect((thrown as APIError).error).toMatchObject({ error: { type: 'overloaded_error', message: 'busy' } });
  });
});

it('a part of a stream is told within 20 microseconds', () => {
  const encoder = createStreamEncoder(context);
  const part = text(' some words of an answer') as ChatPart;
  const times = Array.from({ length: 20_000 }, () => {
    const startedAt = performance.now();
    encoder.encode(part);
    return performance.now() - startedAt;
  });
  const median = times.toSorted((left, right) => left - right)[10_000] ?? 0;
  expect(median * 1000).toBeLessThan(20);
});
