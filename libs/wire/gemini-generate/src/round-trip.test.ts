import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeResponse } from './decode-response.js';
import { encodeResponse } from './encode-response.js';
import { createStreamEncoder } from './encode-stream.js';
import type { StreamForm } from './answer-context.js';

const CONTEXT = { responseId: 'r1', model: 'gemini-3.5-flash', includesThoughts: true };
const DONE: Part = { type: 'succeeded' };

function whole(response: object): JsonObject {
  const parts = decodeResponse(response as JsonObject, { keepsNative: true });
  return JSON.parse(JSON.stringify(encodeResponse([...parts, DONE], CONTEXT))) as JsonObject;
}

function streamed(response: object, form: StreamForm = 'sse'): JsonObject[] {
  const encoder = createStreamEncoder({ ...CONTEXT, form, requestId: 'req_1' });
  const parts: Part[] = [...decodeResponse(response as JsonObject, { keepsNative: true }), DONE];
  const text = parts.map((part) => encoder.encode(part) + encoder.heartbeat()).join('');
  if (form === 'array') return JSON.parse(text) as JsonObject[];
  const frames = text.split('\n\n').filter((frame) => frame !== '');
  return frames.map((frame) => JSON.parse(frame.slice('data: '.length)) as JsonObject);
}

const text = fc.string({ minLength: 1, unit: 'grapheme' });
const name = fc.stringMatching(/^[a-z_]{1,9}$/);
const signature = fc.option(fc.base64String({ minLength: 4 }), { nil: undefined });
const object = fc.dictionary(name, fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
const signed = (part: object, thoughtSignature: string | undefined) => ({
  ...part,
  ...(thoughtSignature !== undefined && { thoughtSignature }),
});

/** Every kind of part that Google has. */
const part = fc.oneof(
  fc.tuple(text, signature).map(([value, own]) => signed({ text: value }, own)),
  fc.tuple(text, signature).map(([value, own]) => signed({ text: value, thought: true }, own)),
  fc
    .tuple(name, object, signature)
    .map(([value, args, own]) => signed({ functionCall: { id: `id_${value}`, name: value, args } }, own)),
  signature.map((own) => signed({ inlineData: { mimeType: 'image/png', data: 'AA==' } }, own)),
  object.map((metadata) => ({ text: 'x', partMetadata: metadata })),
  fc.constantFrom(
    { inlineData: { mimeType: 'audio/L16;codec=pcm;rate=24000', data: 'AA==' } },
    { inlineData: { mimeType: 'image/png', data: 'AA==' }, thought: true },
    { fileData: { mimeType: 'video/mp4', fileUri: 'https://x' } },
    { executableCode: { language: 'PYTHON', code: 'print(1)' } },
    { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
    { toolCall: { id: '1', toolType: 'GOOGLE_SEARCH_WEB', args: {} } },
    { aKindOfTomorrow: [1] },
  ),
);

const fields = fc.record(
  {
    finishMessage: text,
    safetyRatings: fc.constant([{ category: 'X', probability: 'LOW' }]),
    citationMetadata: fc.constant({ citationSources: [{ startIndex: 1, uri: 'https://x' }] }),
    groundingMetadata: fc.constant({ groundingChunks: [{ web: { uri: 'https://x' } }], webSearchQueries: ['x'] }),
    avgLogprobs: fc.constant(-0.5),
    aFieldOfTomorrow: object,
  },
  { requiredKeys: [] },
);

const response = fc
  .tuple(
    fc.array(part, { minLength: 1, maxLength: 6 }),
    fields,
    fc.constantFrom('STOP', 'MAX_TOKENS', 'SAFETY', 'OTHER', 'MALFORMED_FUNCTION_CALL'),
  )
  .map(([parts, rest, finishReason]) => ({
    candidates: [{ content: { parts, role: 'model' }, index: 0, finishReason, ...rest }],
    usageMetadata: {
      promptTokenCount: 1,
      totalTokenCount: 3,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 1 }],
    },
    modelVersion: 'gemini-3.5-flash',
    responseId: 'r1',
    turnToken: 'v1_x',
  }));

describe('between like and like nothing is lost', () => {
  it('a whole answer comes out as it went in', () => {
    fc.assert(
      fc.property(response, (value) => {
        expect(whole(value)).toEqual(value);
      }),
    );
  });

  it.each<StreamForm>(['sse', 'array'])('a stream (%s) has every part and every field, in order', (form) => {
    fc.assert(
      fc.property(response, (value) => {
        const [candidate] = value.candidates;
        const events = streamed(value, form);
        const candidates = events.flatMap((event) => event['candidates'] as JsonObject[]);
        const parts = candidates.flatMap(({ content }) => (content as unknown as { parts: JsonObject[] }).parts);
        expect(gather(parts)).toEqual(gather((candidate?.content.parts ?? []) as JsonObject[]));
        const { content: _, ...told } = Object.assign({}, ...candidates) as JsonObject;
        const { content: __, ...rest } = candidate ?? {};
        expect(told).toEqual(rest);
        expect(Object.assign({}, ...events)).toMatchObject({ turnToken: 'v1_x', usageMetadata: value.usageMetadata });
      }),
    );
  });

  it('a blocked prompt is told whole', () => {
    const blocked = {
      promptFeedback: { blockReason: 'SAFETY', safetyRatings: [{ category: 'X', blocked: true }] },
      usageMetadata: { promptTokenCount: 4, totalTokenCount: 4 },
      modelVersion: 'gemini-3.5-flash',
      responseId: 'r1',
    };
    expect(whole(blocked)).toEqual(blocked);
    expect(Object.assign({}, ...streamed(blocked))).toEqual(blocked);
  });
});

/** A stream may cut text anywhere, and sign it with a part of its own. */
function gather(parts: readonly JsonObject[]): JsonObject[] {
  const gathered: JsonObject[] = [];
  for (const each of parts) {
    const isText = Object.keys(each).every((key) => ['text', 'thought', 'thoughtSignature'].includes(key));
    if (!isText) {
      gathered.push(each);
      continue;
    }
    const { text: said, thoughtSignature, ...kind } = each;
    const last = gathered.at(-1);
    const isSame = last !== undefined && 'said' in last && last['thought'] === kind['thought'];
    if (isSame) last['said'] = `${last['said'] as string}${said as string}`;
    else if (said !== '') gathered.push({ ...kind, said });
    if (thoughtSignature !== undefined) gathered.push({ signed: thoughtSignature });
  }
  return gathered;
}
