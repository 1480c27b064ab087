import { cutAnswer, wholeAnswer } from '@sluice/wire-errors/__fixtures__/answer-order';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventsOf, frameFor, streamOf, type SentEvent } from './answer.fixture.js';

const TERMINAL = /^response\.(completed|incomplete|failed)$/;
const choices = 2;
const answers = fc.oneof(wholeAnswer({ choices }), cutAnswer({ choices }));
const bodies = fc.constantFrom<object>(
  {},
  { reasoning: { summary: 'auto' }, include: ['reasoning.encrypted_content'] },
);

const KEYS = ['item_id', 'output_index', 'content_index', 'summary_index'];

/** What is open, and in what: an item, in it a part of its content. */
function checkNesting(events: readonly SentEvent[]): void {
  let item: unknown;
  let part: unknown;
  for (const event of events) {
    const place = KEYS.slice(0, 2)
      .map((key) => event[key])
      .join();
    if (event.type === 'response.output_item.added') {
      expect(item).toBeUndefined();
      item = event['output_index'];
      continue;
    }
    if ('output_index' in event) expect(event['output_index']).toBe(item);
    if (event.type === 'response.output_item.done') {
      expect(part).toBeUndefined();
      item = undefined;
    } else if (event.type.endsWith('_part.added')) {
      expect(part).toBeUndefined();
      part = place;
    } else if (event.type.endsWith('_part.done')) {
      expect(part).toBe(place);
      part = undefined;
    } else if (/(?:output_text|refusal|reasoning_text|reasoning_summary_text)\./.test(event.type)) {
      expect(part).toBe(place);
    }
  }
  expect(item).toBeUndefined();
}

it('whatever comes and wherever it ends, numbers are contiguous, what opens closes, and the end comes once', () => {
  fc.assert(
    fc.property(answers, bodies, (parts, body) => {
      const events = eventsOf(streamOf(parts, { frame: frameFor(body) }));
      expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, at) => at));
      expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['response.created', 'response.in_progress']);
      expect(events.map(({ type }) => TERMINAL.test(type))).toEqual(events.map((_, at) => at === events.length - 1));
      checkNesting(events);
    }),
  );
});

it('after any event the rest of the stream is the same again', () => {
  fc.assert(
    fc.property(answers, fc.nat({ max: 60 }), (parts, startingAfter) => {
      const events = eventsOf(streamOf(parts));
      expect(eventsOf(streamOf(parts, { startingAfter }))).toEqual(events.slice(startingAfter + 1));
    }),
  );
});
