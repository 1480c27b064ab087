import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import { cutAnswer, wholeAnswer } from '@sluice/wire-errors/__fixtures__/answer-order';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StreamForm } from './answer-context.js';
import { encodeResponse } from './encode-response.js';
import { createStreamEncoder } from './encode-stream.js';

interface Frame extends JsonObject {
  candidates?: { index: number; finishReason?: string; content?: { role?: string; parts?: JsonObject[] } }[];
}

const CONTEXT = { responseId: 'r', model: 'm' };
const forms = fc.constantFrom<StreamForm>('sse', 'array');
const choices = 2;

function framesOf(parts: readonly Part[], { form, includesThoughts }: { form: StreamForm; includesThoughts: boolean }) {
  const encoder = createStreamEncoder({ ...CONTEXT, form, includesThoughts, requestId: 'req_1' });
  const text = parts.map((part) => encoder.encode(part) + encoder.heartbeat()).join('');
  if (form === 'array') return JSON.parse(text) as Frame[];
  return text.split('\n\n').flatMap((frame) => {
    // The error again, for clients that look for it outside the events.
    if (frame.trim() === '' || frame.startsWith('{')) return [];
    if (!/^data: [^\r\n]+$/.test(frame)) throw new Error(`no frame: ${frame}`);
    return [JSON.parse(frame.slice('data: '.length)) as Frame];
  });
}

const candidatesOf = (frames: readonly Frame[]) => frames.flatMap(({ candidates }) => candidates ?? []);

/** The name of each call, and all that was said as text, as a client puts them together. */
function contentOf(candidates: ReturnType<typeof candidatesOf>, index: number) {
  const parts = candidates.filter((each) => each.index === index).flatMap(({ content }) => content?.parts ?? []);
  const textOf = (isThought: boolean) =>
    parts
      .map(({ text, thought }) => (typeof text === 'string' && (thought === true) === isThought ? text : ''))
      .join('');
  return { text: textOf(false), thoughts: textOf(true), calls: parts.flatMap(({ functionCall: call }) => call ?? []) };
}

it('whatever comes, every alternative ends once, in the last frame, which tells the usage', () => {
  fc.assert(
    fc.property(wholeAnswer({ choices }), forms, fc.boolean(), (parts, form, includesThoughts) => {
      const frames = framesOf(parts, { form, includesThoughts });
      const last = frames.at(-1);
      const ended = candidatesOf(frames).filter(({ finishReason }) => finishReason !== undefined);
      expect(ended).toEqual(last?.candidates);
      expect(ended.map(({ index }) => index)).toEqual(ended.map((_, at) => at));
      for (const { content } of candidatesOf(frames)) {
        expect(content?.role).toBe('model');
        expect(content?.parts?.length).toBeGreaterThan(0);
      }
      expect(frames.every(({ responseId, modelVersion }) => responseId === 'r' && modelVersion !== undefined)).toBe(
        true,
      );
      if (parts.some(({ type }) => type === 'usage')) expect(last).toHaveProperty('usageMetadata');
    }),
  );
});

it('wherever it breaks off, the error is last and no reason says that all is well', () => {
  fc.assert(
    fc.property(cutAnswer({ choices }), forms, (parts, form) => {
      const frames = framesOf(parts, { form, includesThoughts: true });
      expect(frames.map((frame) => 'error' in frame)).toEqual(frames.map((_, at) => at === frames.length - 1));
      expect(candidatesOf(frames).some(({ finishReason }) => finishReason !== undefined)).toBe(false);
    }),
  );
});

it('the frames together say what the whole answer says', () => {
  fc.assert(
    fc.property(wholeAnswer({ choices }), forms, fc.boolean(), (parts, form, includesThoughts) => {
      const whole = JSON.parse(JSON.stringify(encodeResponse(parts, { ...CONTEXT, includesThoughts }))) as Frame;
      const frames = framesOf(parts, { form, includesThoughts });
      for (const { index } of whole.candidates ?? [])
        expect(contentOf(candidatesOf(frames), index)).toEqual(contentOf(candidatesOf([whole]), index));
    }),
  );
});
