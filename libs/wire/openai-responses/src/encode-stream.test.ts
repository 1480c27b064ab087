import type { Part } from '@sluice/contracts/part';
import { describe, expect, it } from 'vitest';
import {
  attempt,
  outputOf,
  call,
  done,
  estimate,
  eventsOf,
  finish,
  frameFor,
  ID,
  input,
  type SentEvent,
  signature,
  start,
  streamOf,
  text,
  thought,
  usage,
} from './answer.fixture.js';
import { encodeOutcome } from './encode-outcome.js';
import { encodeResponse } from './encode-response.js';
import { createStreamEncoder } from './encode-stream.js';

const types = (events: SentEvent[]) => events.map(({ type }) => type);

function tell(parts: Part[], body: object = {}): SentEvent[] {
  return eventsOf(streamOf(parts, { frame: frameFor(body) }));
}

describe('a stream of events', () => {
  it('tells a text in order, numbered from 0, and ends once', () => {
    const events = tell([attempt, start, text('Hel'), text('lo'), finish(), usage, done]);
    expect(types(events)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect(events[4]).toEqual({
      type: 'response.output_text.delta',
      sequence_number: 4,
      item_id: `msg_${ID.slice(5)}o0`,
      output_index: 0,
      content_index: 0,
      delta: 'Hel',
      logprobs: [],
    });
    expect(events[6]).toMatchObject({ text: 'Hello', logprobs: [] });
  });

  it('opens with what was asked and closes with what was made', () => {
    const events = tell([attempt, start, text('Hello'), finish(), usage, done], { instructions: 'Be brief.' });
    expect(events[0]).toMatchObject({
      response: { id: ID, status: 'in_progress', model: 'asked', output: [], usage: null, instructions: 'Be brief.' },
    });
    expect(events.at(-1)).toMatchObject({
      response: {
        id: ID,
        status: 'completed',
        created_at: 100,
        completed_at: 200,
        model: 'real-1',
        output: [{ type: 'message', role: 'assistant', status: 'completed', content: [{ text: 'Hello' }] }],
        usage: {
          input_tokens: 10,
          input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
          output_tokens: 5,
          output_tokens_details: { reasoning_tokens: 2 },
          total_tokens: 15,
        },
      },
    });
  });

  it('tells an estimate where nobody has counted', () => {
    const usage = { input_tokens: 7, output_tokens: 3, total_tokens: 10 };
    expect(tell([start, thought('ab'), text('c'), done]).at(-1)).toMatchObject({ response: { usage } });
    expect(tell([start, { type: 'cancelled', reason: 'x' }]).at(-1)).toMatchObject({ response: { usage: null } });
  });

  it('tells reasoning as what it is, or as a summary where one was asked for', () => {
    const parts = [start, thought('hm'), thought('!'), text('ok'), done];
    expect(types(tell(parts)).slice(2, 8)).toEqual([
      'response.output_item.added',
      'response.content_part.added',
      'response.reasoning_text.delta',
      'response.reasoning_text.delta',
      'response.reasoning_text.done',
      'response.content_part.done',
    ]);
    const summarised = tell(parts, { reasoning: { summary: 'auto' } });
    expect(types(summarised).slice(2, 9)).toEqual([
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
    ]);
    expect(summarised[8]).toMatchObject({ item: { type: 'reasoning', summary: [{ text: 'hm!' }] } });
  });

  it('closes one item before it opens another, whatever came between', () => {
    const events = tell([
      start,
      text('a'),
      call(0),
      call(1),
      input(1, '{"y":'),
      input(0, '{"x":1}'),
      input(1, '2}'),
      text('b'),
      finish('tool-calls'),
      done,
    ]);
    let open: number | undefined;
    for (const event of events) {
      if (event.type === 'response.output_item.added') {
        expect(open).toBeUndefined();
        open = event['output_index'] as number;
      } else if ('output_index' in event) expect(event['output_index']).toBe(open);
      if (event.type === 'response.output_item.done') open = undefined;
    }
    expect(outputOf(events).map((item) => [item.type, item.arguments])).toEqual([
      ['message', undefined],
      ['function_call', '{"x":1}'],
      ['function_call', '{"y":2}'],
      ['message', undefined],
    ]);
  });

  it('tells a call with its name at the end, and a custom one in its own events', () => {
    const custom: Part = { type: 'tool-input-start', choice: 0, index: 1, id: 'call_1', name: 'shell', custom: true };
    const events = tell([start, call(0), input(0, '{}'), custom, input(1, 'ls'), done]);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'response.function_call_arguments.done', arguments: '{}', name: 'tool0' }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'response.custom_tool_call_input.delta', delta: 'ls' }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'response.custom_tool_call_input.done', input: 'ls' }),
    );
    expect(events.at(-1)).toMatchObject({
      response: {
        output: [
          { type: 'function_call', call_id: 'call_0', name: 'tool0', arguments: '{}' },
          { type: 'custom_tool_call', call_id: 'call_1', name: 'shell', input: 'ls' },
        ],
      },
    });
  });

  it('tells a picture as the item of a tool that made it', () => {
    const events = tell([start, { type: 'image', choice: 0, mediaType: 'image/jpeg', base64: 'AAAA' }, done]);
    expect(types(events).slice(2, -1)).toEqual([
      'response.output_item.added',
      'response.image_generation_call.in_progress',
      'response.image_generation_call.generating',
      'response.image_generation_call.completed',
      'response.output_item.done',
    ]);
    expect(events.at(-1)).toMatchObject({
      response: { output: [{ type: 'image_generation_call', status: 'completed', result: 'AAAA' }] },
    });
  });

  it('tells a refusal after a text as a second content of the message', () => {
    const events = tell([start, text('Well'), { type: 'refusal-delta', choice: 0, text: 'No.' }, done]);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'response.refusal.done', content_index: 1, refusal: 'No.' }),
    );
    expect(events.at(-1)).toMatchObject({
      response: { output: [{ content: [{ text: 'Well' }, { type: 'refusal', refusal: 'No.' }] }] },
    });
  });

  it("tells citations and probabilities in this dialect's words", () => {
    const citation = { type: 'url_citation', url_citation: { url: 'https://x.test', start_index: 0, end_index: 1 } };
    const logprobs = { content: [{ token: 'a', logprob: -1, bytes: [97] }] };
    const events = tell([
      start,
      { type: 'text-delta', choice: 0, text: 'a', logprobs },
      { type: 'annotations', choice: 0, annotations: [citation] },
      done,
    ]);
    const flat = { type: 'url_citation', url: 'https://x.test', start_index: 0, end_index: 1 };
    const probability = { token: 'a', logprob: -1, bytes: [97], top_logprobs: [] };
    expect(events).toContainEqual(expect.objectContaining({ delta: 'a', logprobs: [probability] }));
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'response.output_text.annotation.added',
        annotation_index: 0,
        annotation: flat,
      }),
    );
    expect(events.at(-1)).toMatchObject({
      response: { output: [{ content: [{ annotations: [flat], logprobs: [probability] }] }] },
    });
  });

  it.each([
    ['length', 'response.incomplete', { incomplete_details: { reason: 'max_output_tokens' } }],
    ['content-filter', 'response.incomplete', { incomplete_details: { reason: 'content_filter' } }],
    ['stop', 'response.completed', { incomplete_details: null }],
  ] as const)('an answer that ended by %s is %s', (reason, type, members) => {
    const last = tell([start, text('a'), finish(reason), done]).at(-1);
    expect(last).toMatchObject({ type, response: members });
    const status = type === 'response.incomplete' ? 'incomplete' : 'completed';
    expect(last).toMatchObject({ response: { status, output: [{ status }] } });
  });

  it('a failure is told as response.failed, with what was said before it', () => {
    const error = { code: 'upstream_rate_limited' as const, message: 'Slow down.' };
    expect(tell([start, text('a'), { type: 'failed', error }]).at(-1)).toMatchObject({
      type: 'response.failed',
      response: {
        status: 'failed',
        error: { code: 'rate_limit_exceeded', message: 'Slow down.' },
        output: [{ status: 'incomplete', content: [{ text: 'a' }] }],
      },
    });
    expect(tell([{ type: 'cancelled', reason: 'x' }]).at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'cancelled', error: null },
    });
  });

  it('an answer without anything still begins and ends', () => {
    expect(types(tell([done]))).toEqual(['response.created', 'response.in_progress', 'response.completed']);
  });
});

describe('a replay', () => {
  const parts = [
    attempt,
    start,
    thought('h'),
    signature('s'),
    text('a'),
    call(0),
    input(0, '{}'),
    finish(),
    usage,
    done,
  ];
  const whole = streamOf(parts);

  it('from every event on has the same tail', () => {
    const events = eventsOf(whole);
    for (const { sequence_number: startingAfter } of events) {
      expect(eventsOf(streamOf(parts, { startingAfter }))).toEqual(events.slice(startingAfter + 1));
    }
  });

  it('tells the outcome that was kept, not another', () => {
    const frame = frameFor();
    const keptOutcome = () => encodeOutcome(parts, { frame, completedSeconds: 150, estimate });
    const last = eventsOf(streamOf(parts, { frame, keptOutcome })).at(-1);
    expect(last).toMatchObject({ response: { completed_at: 150 } });
    expect(last?.['response']).toEqual(encodeResponse(frame, keptOutcome()));
  });

  it('is the same wherever the parts were cut', () => {
    const cut = parts.flatMap((part) =>
      part.type === 'text-delta' ? [text(''), part] : part.type === 'reasoning-delta' ? [part, thought('')] : [part],
    );
    expect(streamOf(cut)).toBe(whole);
  });
});

describe('a heartbeat', () => {
  it('is an event that clients know, and takes no number from the log', () => {
    const encoder = createStreamEncoder({ frame: frameFor(), nowSeconds: () => 200, estimate });
    const opening = eventsOf(encoder.heartbeat());
    expect(types(opening)).toEqual(['response.created', 'response.in_progress']);
    expect(eventsOf(encoder.heartbeat())).toEqual([{ type: 'keepalive', sequence_number: 1 }]);
    const rest = eventsOf([start, text('a'), done].map((part) => encoder.encode(part)).join(''));
    expect(rest[0]).toMatchObject({ type: 'response.output_item.added', sequence_number: 2 });
    expect(encoder.heartbeat()).toBe('');
    expect(encoder.encode(done)).toBe('');
  });
});

it('ids name their response and their place', () => {
  expect(tell([start, text('a'), done])[2]).toMatchObject({ item: { id: `msg_${ID.slice('resp_'.length)}o0` } });
});
