import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { SseEvent } from '@sluice/wire-sse/sse-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeResponse } from './decode-response.js';
import { decodeStream } from './decode-stream.js';

const seed = { callIdSeed: 'seed' };

async function decode(events: (object | string)[]): Promise<ChatPart[]> {
  const parts: ChatPart[] = [];
  for await (const part of decodeStream(eventsOf(events), seed)) parts.push(part);
  return parts;
}

async function failure(events: (object | string)[]): Promise<GatewayError> {
  try {
    await decode(events);
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  throw new Error('no failure');
}

async function* eventsOf(events: (object | string)[]): AsyncGenerator<SseEvent> {
  for (const event of events) {
    yield typeof event === 'object' && 'data' in event
      ? (event as SseEvent)
      : { data: typeof event === 'string' ? event : JSON.stringify(event) };
  }
}

function delta(value: object, reason: string | null = null): object {
  return { id: 'x', model: 'm', choices: [{ index: 0, delta: value, finish_reason: reason }] };
}

function tool(call: object): object {
  return delta({ tool_calls: [call] });
}

const finish: ChatPart = { type: 'finish', choice: 0, reason: 'stop', native: 'stop' };
const derived: ChatPart = { type: 'finish', choice: 0, reason: 'stop' };

function starts(parts: ChatPart[]): unknown[] {
  return parts.flatMap((part) => (part.type === 'tool-input-start' ? [[part.index, part.id, part.name]] : []));
}

function inputs(parts: ChatPart[]): string[] {
  const all: string[] = [];
  for (const part of parts)
    if (part.type === 'tool-input-delta') all[part.index] = (all[part.index] ?? '') + part.delta;
  return all;
}

describe('an end', () => {
  it('needs no [DONE] where all alternatives told theirs', async () => {
    expect((await decode([delta({ content: 'a' }, 'stop')])).slice(1)).toEqual([
      { type: 'text-delta', choice: 0, text: 'a' },
      finish,
    ]);
  });

  it('is derived where only [DONE] tells it', async () => {
    expect((await decode([delta({ content: 'a' }), '[DONE]'])).at(-1)).toEqual(derived);
    const called = await decode([tool({ id: 'c', function: { name: 'f', arguments: '{}' } }), '[DONE]']);
    expect(called.at(-1)).toEqual({ type: 'finish', choice: 0, reason: 'tool-calls' });
  });

  it('comes once, however often it is told, and before the usage', async () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    const parts = await decode([
      { ...delta({ content: 'a' }), usage },
      delta({}, 'stop'),
      delta({ content: 'b' }, 'stop'),
      { choices: [], usage },
      '[DONE]',
    ]);
    expect(parts.map(({ type }) => type)).toEqual(['start', 'text-delta', 'text-delta', 'finish', 'usage']);
  });

  it.each([
    ['nothing', []],
    ['no end', [delta({ content: 'a' })]],
    ['half a chunk', [delta({ content: 'a' }), '{"id":']],
    [
      'one alternative without its end',
      [delta({ content: 'a' }, 'stop'), { choices: [{ index: 1, delta: { content: 'b' } }] }],
    ],
  ])('is missing: %s', async (_name, events) => {
    expect((await failure(events)).data).toMatchObject({ code: 'upstream_interrupted', saw: 'unknown' });
  });

  it.each([
    ['only [DONE]', ['[DONE]']],
    ['text', ['hello']],
    ['half a chunk before another', ['{"id":', delta({})]],
    ['a number', ['7']],
    ['a call without a name', [tool({ index: 0, id: 'c', function: { arguments: '{}' } }), '[DONE]']],
  ])('is a bad answer: %s', async (_name, events) => {
    expect((await failure(events)).code).toBe('upstream_bad_answer');
  });
});

describe('calls', () => {
  it.each([
    [
      'index and id in the first delta only',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '' } },
        { index: 0, function: { arguments: '{}' } },
      ],
      [[0, 'a', 'f']],
      ['{}'],
    ],
    [
      'no index',
      [
        { id: 'a', function: { name: 'f', arguments: '{' } },
        { function: { arguments: '}' } },
        { id: 'b', function: { name: 'g', arguments: '1' } },
      ],
      [
        [0, 'a', 'f'],
        [1, 'b', 'g'],
      ],
      ['{}', '1'],
    ],
    [
      'neither index nor id',
      [{ function: { name: 'f', arguments: '{}' } }, { function: { name: 'g', arguments: '1' } }],
      [
        [0, 'call_seed_0_0', 'f'],
        [1, 'call_seed_0_1', 'g'],
      ],
      ['{}', '1'],
    ],
    [
      'an id of its own for every delta',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '{' } },
        { index: 0, id: 'b', function: { arguments: '}' } },
      ],
      [[0, 'a', 'f']],
      ['{}'],
    ],
    [
      'index 0 for all',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '1' } },
        { index: 0, id: 'b', function: { name: 'f', arguments: '2' } },
      ],
      [
        [0, 'a', 'f'],
        [1, 'b', 'f'],
      ],
      ['1', '2'],
    ],
    ['indexes from 1', [{ index: 1, id: 'a', function: { name: 'f', arguments: '1' } }], [[0, 'a', 'f']], ['1']],
    [
      'an empty id and name in later deltas',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '{' } },
        { index: 0, id: '', function: { name: '', arguments: '}' } },
      ],
      [[0, 'a', 'f']],
      ['{}'],
    ],
    [
      'its name in every delta',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '{' } },
        { index: 0, id: 'a', function: { name: 'f', arguments: '}' } },
      ],
      [[0, 'a', 'f']],
      ['{}'],
    ],
    [
      'its name after its input',
      [
        { index: 0, id: 'a', function: { arguments: '{' } },
        { index: 0, function: { name: 'f', arguments: '}' } },
      ],
      [[0, 'a', 'f']],
      ['{}'],
    ],
    [
      'input as an object',
      [{ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }],
      [[0, 'a', 'f']],
      ['{"x":1}'],
    ],
    ['no input', [{ index: 0, id: 'a', function: { name: 'f', arguments: null } }], [[0, 'a', 'f']], []],
    [
      'a custom tool',
      [{ index: 0, id: 'a', type: 'custom', custom: { name: 'f', input: 'x' } }],
      [[0, 'a', 'f']],
      ['x'],
    ],
  ])('%s', async (_name, deltas, expectedStarts, expectedInputs) => {
    const parts = await decode([...deltas.map(tool), '[DONE]']);
    expect(starts(parts)).toEqual(expectedStarts);
    expect(inputs(parts)).toEqual(expectedInputs);
    expect(parts.at(-1)).toMatchObject({ reason: 'tool-calls' });
  });
});

describe('a failure in the stream', () => {
  it.each([
    [
      'an object',
      { error: { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' } },
      'upstream_rate_limited',
    ],
    ['a string', { error: 'something broke' }, 'upstream_error'],
    ['a status as its code', { error: { message: 'no', code: 429 } }, 'upstream_rate_limited'],
    ['a list of one', [{ error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } }], 'upstream_overloaded'],
    [
      'an object of type error',
      { object: 'error', message: 'bad', type: 'BadRequestError', code: 400 },
      'invalid_request',
    ],
    ['a detail', { detail: 'no' }, 'upstream_error'],
    ['an event of its own', { event: 'error', data: 'broken pipe' }, 'upstream_error'],
    ['a finish of its own', { choices: [{ index: 0, delta: {}, finish_reason: 'error' }] }, 'upstream_error'],
    [
      'beside choices',
      { choices: [], error: { message: 'no', type: 'insufficient_quota' } },
      'upstream_quota_exhausted',
    ],
  ])('as %s', async (_name, event, code) => {
    expect((await failure([event])).code).toBe(code);
    expect((await failure([delta({ content: 'a' }), event])).data).toMatchObject({ code, saw: 'unknown' });
  });

  it('is none where the member is null or empty', async () => {
    expect(
      await decode([
        { ...delta({ content: 'a' }, 'stop'), error: null },
        { ...delta({}), error: {} },
      ]),
    ).toHaveLength(3);
  });
});

it('starts with the first chunk that has a choice', async () => {
  const parts = await decode([
    { id: '', model: '', choices: [], prompt_filter_results: [] },
    delta({ content: 'a' }, 'stop'),
  ]);
  expect(parts[0]).toEqual({ type: 'start', model: 'm', upstreamId: 'x' });
});

it('passes over events that say nothing', async () => {
  const parts = await decode([{ event: 'ping', data: '{}' }, { data: '' }, delta({ content: 'a' }, 'stop')]);
  expect(parts.map(({ type }) => type)).toEqual(['start', 'text-delta', 'finish']);
});

it.each([
  [
    'inside',
    { prompt_tokens: 1, completion_tokens: 5, total_tokens: 6, completion_tokens_details: { reasoning_tokens: 4 } },
    5,
  ],
  [
    'beside',
    { prompt_tokens: 1, completion_tokens: 5, total_tokens: 10, completion_tokens_details: { reasoning_tokens: 4 } },
    9,
  ],
])('counts reasoning %s the completion as output', async (_name, usage, outputTokens) => {
  const parts = await decode([{ ...delta({ content: 'a' }, 'stop'), usage }]);
  expect(parts.at(-1)).toMatchObject({ usage: { outputTokens, reasoningTokens: 4 } });
});

it.each([
  [{ x_groq: { usage: { prompt_tokens: 1, completion_tokens: 2 } } }],
  [{ choices: [{ index: 0, delta: {}, usage: { prompt_tokens: 1, completion_tokens: 2 } }] }],
])('finds usage at %j', async (fields) => {
  const parts = await decode([delta({ content: 'a' }, 'stop'), fields]);
  expect(parts.at(-1)).toEqual({ type: 'usage', usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 } });
});

it('throws nothing but its own failure, whatever comes', async () => {
  const value = fc.jsonValue({ maxDepth: 2 });
  const fields = fc.record(
    { content: value, tool_calls: value, reasoning: value, audio: value, annotations: value, reasoning_details: value },
    { requiredKeys: [] },
  );
  const choice = fc.record(
    { index: value, delta: fc.oneof(fields, value), message: value, finish_reason: value, logprobs: value },
    { requiredKeys: [] },
  );
  const event = fc.record(
    { id: value, model: value, choices: fc.oneof(fc.array(choice), value), usage: value, error: value, detail: value },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(event, value)), async (events) => {
      const texts = events.map((each) => JSON.stringify(each));
      await decode([...texts, '[DONE]']).catch((thrown: unknown) => expect(thrown).toBeInstanceOf(GatewayError));
      for (const each of events) {
        try {
          decodeResponse(each as never, seed);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(GatewayError);
        }
      }
    }),
    { numRuns: 300 },
  );
});
