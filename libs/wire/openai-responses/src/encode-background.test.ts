import { describe, expect, it } from 'vitest';
import {
  attempt,
  call,
  done,
  estimate,
  eventsOf,
  finish,
  frameFor,
  ID,
  input,
  outputOf,
  type SentEvent,
  start,
  streamOf,
  text,
  thought,
  usage,
} from './answer.fixture.js';
import { encodeRunning } from './encode-response.js';
import { createStreamEncoder } from './encode-stream.js';

const frame = frameFor({ background: true });
const tell = (...parts: Parameters<typeof streamOf>[0]) => eventsOf(streamOf(parts, { frame }));
const types = (events: SentEvent[]) => events.map(({ type }) => type.replace('response.', ''));
const ended = (events: SentEvent[]) =>
  events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item as { status: string });

describe('a response in the background', () => {
  it('is queued until somebody begins with it', () => {
    const encoder = createStreamEncoder({ frame, nowSeconds: () => 200, estimate });
    const queued = eventsOf(encoder.begin());
    expect(types(queued)).toEqual(['created', 'queued']);
    expect(queued.map(({ response }) => (response as { status: string }).status)).toEqual(['queued', 'queued']);
    expect(encoder.heartbeat()).toContain('"keepalive"');
    expect(eventsOf(encoder.encode(attempt))).toMatchObject([
      { type: 'response.in_progress', sequence_number: 2, response: { status: 'in_progress' } },
    ]);
    expect(encodeRunning(frame, 'queued')).toEqual(frame.response);
  });

  it('that is cancelled before is never in progress', () => {
    const events = tell({ type: 'cancelled', reason: 'x' });
    expect(types(events)).toEqual(['created', 'queued', 'failed']);
    expect(events.at(-1)).toMatchObject({ response: { status: 'cancelled', output: [] } });
  });

  it('tells nothing of an attempt that had said nothing', () => {
    const once = tell(attempt, start, text('Hello'), finish(), done);
    expect(tell(attempt, start, attempt, start, text('Hello'), finish(), done)).toEqual(once);
  });
});

describe('an answer that is made again', () => {
  const again = tell(attempt, start, text('Hel'), attempt, start, text('Hello'), finish(), usage, done);

  it('ends what was begun as incomplete, and goes on after it', () => {
    const opening = ['output_item.added', 'content_part.added', 'output_text.delta'];
    const closing = ['output_text.done', 'content_part.done', 'output_item.done'];
    expect(types(again)).toEqual([
      'created',
      'queued',
      'in_progress',
      ...opening,
      ...closing,
      ...opening,
      ...closing,
      'completed',
    ]);
    expect(ended(again)).toMatchObject([
      { id: `msg_${ID.slice(5)}o0`, status: 'incomplete', content: [{ text: 'Hel' }] },
      { id: `msg_${ID.slice(5)}o1`, status: 'completed', content: [{ text: 'Hello' }] },
    ]);
    expect(again.at(-2)).toMatchObject({ output_index: 1 });
  });

  it('is the whole run alone', () => {
    expect(outputOf(again)).toEqual(ended(again).slice(1));
    expect(again.at(-1)).toMatchObject({ response: { status: 'completed', usage: { total_tokens: 15 } } });
  });

  it('tells calls that waited for their turn, and that they are not whole', () => {
    const events = tell(attempt, thought('Hm'), call(0), call(1), input(1, '{}'), attempt, text('No.'), finish(), done);
    expect(ended(events)).toMatchObject([
      { type: 'reasoning', status: 'completed' },
      { type: 'function_call', call_id: 'call_0', status: 'incomplete' },
      { type: 'function_call', call_id: 'call_1', status: 'incomplete' },
      { type: 'message', status: 'completed' },
    ]);
    expect(outputOf(events)).toHaveLength(1);
  });

  it('has neither the usage nor the end of an attempt that broke off', () => {
    const events = tell(attempt, text('a'), finish('length'), usage, attempt, text('bb'), finish(), done);
    expect(events.at(-1)).toMatchObject({ response: { status: 'completed', usage: { output_tokens: 2 } } });
  });
});
