import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import { cutAnswer, wholeAnswer } from '@sluice/wire-errors/__fixtures__/answer-order';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeResponse } from './encode-response.js';
import { createStreamEncoder } from './encode-stream.js';

interface Chunk extends JsonObject {
  choices: { index: number; delta: JsonObject; finish_reason: string | null }[];
}

const CONTEXT = { id: 'chatcmpl-1', createdSeconds: 1, model: 'm' };
const contexts = fc.record({ includeUsage: fc.boolean(), isLegacyFunctions: fc.boolean() });
const choices = 2;

/** The data of each frame; throws where a frame is more, or less, than one line of data. */
function framesOf(parts: readonly Part[], context: { includeUsage: boolean; isLegacyFunctions: boolean }): string[] {
  const encoder = createStreamEncoder({ ...CONTEXT, ...context });
  const frames = parts.map((part) => encoder.encode(part) + encoder.heartbeat()).join('');
  return frames.split('\n\n').flatMap((frame) => {
    if (frame === '' || frame === ': ping') return [];
    const [, data] = /^data: ([^\r\n]+)$/.exec(frame) ?? [];
    if (data === undefined) throw new Error(`no frame: ${frame}`);
    return [data];
  });
}

/** Holds the chunks to the order that clients rely on. */
function checkOrder(chunks: readonly Chunk[]): Set<number> {
  const open = new Set<number>();
  const finished = new Set<number>();
  const calls = new Map<number, number>();
  for (const chunk of chunks) {
    expect(chunk).toMatchObject({ id: CONTEXT.id, object: 'chat.completion.chunk', created: 1, model: 'm' });
    for (const { index, delta, finish_reason: reason } of chunk.choices) {
      expect(finished.has(index)).toBe(false);
      expect('role' in delta).toBe(!open.has(index));
      open.add(index);
      for (const call of (delta['tool_calls'] ?? []) as { index: number; id?: string }[]) {
        const count = calls.get(index) ?? 0;
        expect(call.index).toBeLessThanOrEqual(call.id === undefined ? count - 1 : count);
        if (call.id !== undefined) calls.set(index, count + 1);
      }
      if (reason !== null) finished.add(index);
    }
  }
  return finished;
}

it('whatever comes, each alternative opens once and ends once, and [DONE] is last', () => {
  fc.assert(
    fc.property(wholeAnswer({ choices }), contexts, (parts, context) => {
      const frames = framesOf(parts, context);
      expect(frames.indexOf('[DONE]')).toBe(frames.length - 1);
      const chunks = frames.slice(0, -1).map((data) => JSON.parse(data) as Chunk);
      const isCounted = context.includeUsage && parts.some(({ type }) => type === 'usage');
      expect(chunks.filter(({ usage }) => usage != null)).toEqual(isCounted ? [chunks.at(-1)] : []);
      const finished = checkOrder(chunks);
      expect(finished.size).toBeGreaterThan(0);
      expect(chunks.flatMap((chunk) => chunk.choices).every(({ index }) => finished.has(index))).toBe(true);
    }),
  );
});

it('wherever it breaks off, the error is last and no [DONE] says that all is well', () => {
  fc.assert(
    fc.property(cutAnswer({ choices }), contexts, (parts, context) => {
      const frames = framesOf(parts, context);
      const chunks = frames.map((data) => JSON.parse(data) as Chunk);
      expect(chunks.map((chunk) => 'error' in chunk)).toEqual(chunks.map((_, at) => at === chunks.length - 1));
      checkOrder(chunks.slice(0, -1));
    }),
  );
});

it('the chunks together say what the whole answer says', () => {
  fc.assert(
    fc.property(wholeAnswer({ choices }), (parts) => {
      const whole = encodeResponse(parts, CONTEXT)['choices'] as { index: number; message: JsonObject }[];
      const chunks = framesOf(parts, { includeUsage: true, isLegacyFunctions: false })
        .slice(0, -1)
        .flatMap((data) => (JSON.parse(data) as Chunk).choices);
      for (const { index, message } of whole) {
        const deltas = chunks.filter((choice) => choice.index === index).map(({ delta }) => delta);
        const told = (name: string) => deltas.map((delta) => delta[name] ?? '').join('');
        expect(told('content')).toBe(message['content'] ?? '');
        expect(told('reasoning_content')).toBe(message['reasoning_content'] ?? '');
        expect(told('refusal')).toBe(message['refusal'] ?? '');
      }
    }),
  );
});
