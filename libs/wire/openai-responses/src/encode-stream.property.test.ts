import type { Part } from '@sluice/contracts/part';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  attempt,
  done,
  estimate,
  eventsOf,
  finish,
  frameFor,
  outputOf,
  type SentEvent,
  streamOf,
} from './answer.fixture.js';
import { decodeRequest } from './decode-request.js';
import { encodeOutcome } from './encode-outcome.js';
import { encodeResponse } from './encode-response.js';
import { parseRequest } from './parse-request.js';

const choice = 0;
const textual = fc.string({ unit: 'binary', maxLength: 8 });
const index = fc.nat({ max: 2 });
const partArbitrary: fc.Arbitrary<Part> = fc.oneof(
  textual.map((text): Part => ({ type: 'text-delta', choice, text })),
  textual.map((text): Part => ({ type: 'reasoning-delta', choice, text })),
  textual.map((text): Part => ({ type: 'refusal-delta', choice, text })),
  textual.map((signature): Part => ({ type: 'reasoning-signature', choice, signature })),
  textual.map((data): Part => ({ type: 'redacted-reasoning', choice, data })),
  fc.tuple(index, fc.boolean()).map(([at, isCustom]): Part => ({
    type: 'tool-input-start',
    choice,
    index: at,
    id: `call_${at}`,
    name: `tool${at}`,
    ...(isCustom && { custom: true as const }),
  })),
  fc.tuple(index, textual).map(([at, delta]): Part => ({ type: 'tool-input-delta', choice, index: at, delta })),
  fc.constant<Part>({ type: 'image', choice, mediaType: 'image/png', base64: 'AAAA' }),
  fc.constant<Part>({ type: 'annotations', choice, annotations: [{ type: 'file_citation' }] }),
);
const endArbitrary = fc.constantFrom<Part[]>(
  [finish(), done],
  [finish('length'), done],
  [done],
  [{ type: 'failed', error: { code: 'upstream_error', message: 'No.' } }],
  [{ type: 'cancelled', reason: 'x' }],
);
const answerArbitrary = fc
  .tuple(fc.array(partArbitrary, { maxLength: 20 }), endArbitrary)
  .map(([parts, end]) => [...parts, ...end]);
/** Made in several attempts, of which those before the last broke off anywhere. */
const attemptsArbitrary = fc
  .tuple(fc.array(fc.array(partArbitrary, { maxLength: 8 }), { maxLength: 3 }), answerArbitrary)
  .map(([broken, whole]) => ({ parts: [...broken.flatMap((parts) => [attempt, ...parts]), attempt, ...whole], whole }));
const bodyArbitrary = fc.constantFrom<object>(
  {},
  { background: true },
  { reasoning: { summary: 'auto' } },
  { include: ['reasoning.encrypted_content'] },
);

/** What a client that trusts the order gathers from the deltas alone. */
function gather(events: SentEvent[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const event of events) {
    if (!event.type.endsWith('.delta')) continue;
    const key = `${String(event['item_id'])}/${String(event['content_index'] ?? event['summary_index'] ?? '')}`;
    texts.set(key, (texts.get(key) ?? '') + String(event['delta']));
  }
  return texts;
}

it('whatever comes, events are numbered without gaps, one item is open at a time, and the end comes once', () => {
  fc.assert(
    fc.property(answerArbitrary, bodyArbitrary, (parts, body) => {
      const events = eventsOf(streamOf(parts, { frame: frameFor(body) }));
      expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, at) => at));
      expect(events[0]?.type).toBe('response.created');
      expect(events.filter(({ type }) => /^response\.(completed|incomplete|failed)$/.test(type))).toEqual([
        events.at(-1),
      ]);
      let openIndex = -1;
      let next = 0;
      for (const event of events) {
        if (event.type === 'response.output_item.added') openIndex = next++;
        if ('output_index' in event) expect(event['output_index']).toBe(openIndex);
        if (event.type === 'response.output_item.done') openIndex = -1;
      }
      const finished = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
      expect(outputOf(events)).toEqual(finished);
      const texts = gather(events);
      for (const event of events) {
        const whole = event['text'] ?? event['refusal'] ?? event['arguments'] ?? event['input'];
        if (!event.type.endsWith('.done') || whole === undefined) continue;
        const key = `${String(event['item_id'])}/${String(event['content_index'] ?? event['summary_index'] ?? '')}`;
        expect(texts.get(key) ?? '').toBe(whole);
      }
    }),
  );
});

it('however often it is begun again, items stay in order, and the answer is the last attempt alone', () => {
  fc.assert(
    fc.property(attemptsArbitrary, bodyArbitrary, ({ parts, whole }, body) => {
      const frame = frameFor(body);
      const events = eventsOf(streamOf(parts, { frame }));
      expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, at) => at));
      const added = events.filter(({ type }) => type === 'response.output_item.added');
      expect(added.map(({ output_index: at }) => at)).toEqual(added.map((_, at) => at));
      const ended = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
      expect(ended).toHaveLength(added.length);
      const output = outputOf(events);
      expect(ended.slice(ended.length - output.length)).toEqual(output);
      expect(output).toHaveLength(outputOf(eventsOf(streamOf(whole, { frame }))).length);
      const again = encodeResponse(frame, encodeOutcome(parts, { frame, completedSeconds: 200, estimate }));
      expect(events.at(-1)?.['response']).toEqual(JSON.parse(JSON.stringify(again)));
    }),
  );
});

it('from whichever event it is told, the rest is the same', () => {
  fc.assert(
    fc.property(attemptsArbitrary, bodyArbitrary, fc.nat({ max: 60 }), ({ parts }, body, startingAfter) => {
      const frame = frameFor(body);
      const rest = eventsOf(streamOf(parts, { frame })).slice(startingAfter + 1);
      expect(eventsOf(streamOf(parts, { frame, startingAfter }))).toEqual(rest);
    }),
  );
});

it('whatever comes, the stream ends with the very object that a plain answer is', () => {
  fc.assert(
    fc.property(answerArbitrary, bodyArbitrary, (parts, body) => {
      const frame = frameFor(body);
      const whole = encodeResponse(frame, encodeOutcome(parts, { frame, completedSeconds: 200, estimate }));
      const told = eventsOf(streamOf(parts, { frame })).at(-1)?.['response'];
      expect(told).toEqual(JSON.parse(JSON.stringify(whole)));
    }),
  );
});

it('whatever was answered can be sent back', () => {
  fc.assert(
    fc.property(answerArbitrary, bodyArbitrary, (parts, body) => {
      const frame = frameFor(body);
      const { output } = encodeOutcome(parts, { frame, completedSeconds: 200, estimate });
      const input = [...output, { role: 'user', content: 'more' }];
      const { request } = decodeRequest(parseRequest({ model: 'm', input }));
      const calls = request.messages.flatMap(({ content }) =>
        (content as { type: string }[]).filter(({ type }) => type === 'tool-call'),
      );
      expect(calls).toHaveLength(
        output.filter(({ type }) => String(type).match(/^(function|custom_tool)_call$/)).length,
      );
    }),
  );
});
