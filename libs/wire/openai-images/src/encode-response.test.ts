import type { JsonObject } from '@sluice/contracts/json';
import { describe, expect, it } from 'vitest';
import { encodeImages, type Image } from './encode-response.js';
import { encodeCompleted, encodeFailure, encodePartial } from './encode-stream.js';
import { Base64Of, jsonPieces, lengthOf, type Piece } from './json-pieces.js';
import { pictureMember } from './picture-member.js';

const BYTES = 'picture';
const media = (index: number) => ({ key: `results/${index}.jpg`, mediaType: 'image/jpeg', bytes: BYTES.length });
const telling = { member: 'b64_json', link: ({ key }: { key: string }) => `https://x/${key}` } as const;
const ALL_USAGE = { inputTokens: 9, outputTokens: 20, totalTokens: 29, imageInputTokens: 4 };

function image({ request = {}, facts = {}, made = 1 }: { request?: object; facts?: JsonObject; made?: number }): Image {
  const files = Array.from({ length: made }, (_each, index) => ({ role: 'result', sha256: 's', media: media(index) }));
  return {
    id: 'gen_1',
    model: 'm',
    input: { kind: 'image', request: { model: 'm', prompt: 'a', ...request } },
    status: 'succeeded',
    files,
    facts,
    createdAtMs: 1_000,
    finishedAtMs: 5_999,
  } as unknown as Image;
}

/** What a client reads. */
function written(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : Buffer.from(BYTES).toString('base64'))).join('');
}
const base64 = Buffer.from(BYTES).toString('base64');

describe('the answer', () => {
  it('holds the pictures, and how they look', () => {
    const facts = { size: '64x32', quality: 'high', revisedPrompts: ['an "ä" cat', null], usage: ALL_USAGE };
    const pieces = encodeImages(image({ request: { count: 2 }, facts, made: 2 }), telling);
    const text = written(pieces);
    expect(JSON.parse(text)).toEqual({
      created: 5,
      data: [{ b64_json: base64, revised_prompt: 'an "ä" cat' }, { b64_json: base64 }],
      size: '64x32',
      quality: 'high',
      background: 'auto',
      output_format: 'jpeg',
      usage: {
        input_tokens: 9,
        input_tokens_details: { image_tokens: 4, text_tokens: 5 },
        output_tokens: 20,
        total_tokens: 29,
      },
    });
    expect(lengthOf(pieces)).toBe(Buffer.byteLength(text));
    expect(pieces.filter((piece) => piece instanceof Base64Of)).toHaveLength(2);
  });

  it('says what was asked where nobody says what came, and how many are missing', () => {
    const request = { count: 3, size: { width: 8, height: 9 }, background: 'opaque' };
    const body = JSON.parse(
      written(encodeImages(image({ request, made: 1 }), { ...telling, member: 'url' })),
    ) as object;
    expect(body).toMatchObject({ size: '8x9', background: 'opaque', missing_images: 2 });
    expect(body).toMatchObject({ data: [{ url: 'https://x/results/0.jpg' }] });
    expect(body).not.toHaveProperty('usage');
  });

  it('is not broken by facts that are none', () => {
    const facts = { size: 7, revisedPrompts: 'x', usage: { inputTokens: 'many' } };
    expect(JSON.parse(written(encodeImages(image({ facts }), telling)))).toMatchObject({ size: 'auto' });
  });

  it.each([
    ['gpt-image-2', {}, 'b64_json'],
    ['openai/chatgpt-image-latest', {}, 'b64_json'],
    ['dall-e-3', {}, 'url'],
    ['grok-imagine-1.0', {}, 'url'],
    ['gpt-image-2', { member: 'url' }, 'url'],
    ['dall-e-3', { isStreamed: true }, 'b64_json'],
    ['dall-e-3', { isStreamed: true, member: 'base64' }, 'base64'],
  ] as const)('of %s with %j has %s', (model, wish, member) => {
    expect(pictureMember({ isStreamed: false, isAsync: false, ...wish }, model)).toBe(member);
  });
});

describe('the stream', () => {
  const frame = { operation: 'generation', request: image({}).input.request, telling } as const;
  const events = (text: string) =>
    text
      .split('\n\n')
      .slice(0, -1)
      .map((event) => {
        const [, type, data = ''] = /^event: (.*)\ndata: (.*)$/.exec(event) ?? [];
        return { event: type, ...(JSON.parse(data) as object) };
      });
  const LOOK = ['size', 'quality', 'background', 'output_format', 'created_at', 'b64_json'];

  it('has every key that the SDKs need', () => {
    const part = { type: 'partial', index: 0, number: 1, media: media(0) } as const;
    const [partial] = events(written(encodePartial(part, { ...frame, nowSeconds: 7 })));
    expect(Object.keys(partial ?? {})).toEqual(expect.arrayContaining(LOOK));
    expect(partial).toMatchObject({
      event: 'image_generation.partial_image',
      type: 'image_generation.partial_image',
      partial_image_index: 1,
      created_at: 7,
    });
    const [completed] = events(written(encodeCompleted(image({}), { ...frame, operation: 'edit' })));
    expect(Object.keys(completed ?? {})).toEqual(expect.arrayContaining([...LOOK, 'usage']));
    expect(completed).toMatchObject({ event: 'image_edit.completed', usage: { total_tokens: 0 } });
    expect(completed).not.toHaveProperty('index');
  });

  it('completes each picture, and counts the usage once', () => {
    const several = image({ request: { count: 3 }, facts: { usage: ALL_USAGE }, made: 2 });
    const told = events(written(encodeCompleted(several, { ...frame, request: several.input.request })));
    expect(told).toMatchObject([
      { index: 0, usage: { total_tokens: 0 } },
      { index: 1, usage: { total_tokens: 29 }, missing_images: 1 },
    ]);
    expect(told[0]).not.toHaveProperty('missing_images');
  });

  it('tells a failure as the SDKs raise it', () => {
    const [error] = events(encodeFailure({ code: 'content_refused', message: 'no' }, 'r'));
    expect(error).toMatchObject({
      event: 'error',
      type: 'error',
      error: { code: 'content_policy_violation', message: 'no' },
    });
  });
});

it('JSON in pieces is the JSON that it would be whole', () => {
  const value = { a: [1, 'two\n"', null, { b: true, c: undefined }], d: {}, e: [] };
  expect(jsonPieces(value)).toEqual([JSON.stringify(value)]);
});
