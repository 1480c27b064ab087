import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ImageRequest } from '@sluice/contracts/image';
import type { JsonObject } from '@sluice/contracts/json';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { jobConformance } from '@sluice/upstream-kit/job-conformance';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collect } from './collect.js';
import { createTestContext } from './create-test-context.js';
import { image } from './gemini.image.js';

const PICTURE = readFileSync(new URL('__fixtures__/picture.json', import.meta.url), 'utf8');
const PAINTER = 'gemini-3-pro-image';
const ask: ImageRequest = { model: 'm', prompt: 'a cat' };

describe('as every job', () => {
  const cases = jobConformance({
    job: image,
    request: ask,
    context: (call) => createTestContext({ ...call, model: PAINTER }),
    accepted: { picture: PICTURE },
    operation: { id: 'x' },
    secret: 'key-sealed',
  });
  for (const { name, run } of cases) it(name, run);
});

async function make(request: Partial<ImageRequest>, answers: FakeAnswer[], model = PAINTER) {
  const http = createFakeHttp(...answers);
  const readMedia = async function* () {
    yield Buffer.from('cat');
  };
  const [step] = await collect(image.start({ ...ask, ...request }, createTestContext({ http, model, readMedia })));
  if (step?.type !== 'done') throw new Error('not done');
  const bodies = http.requests.map(({ body }) => JSON.parse(String(body)) as JsonObject);
  return { ...step, bodies, urls: http.requests.map(({ url }) => url) };
}

async function failure(run: Promise<unknown>): Promise<GatewayError> {
  const thrown: unknown = await run.catch((error: unknown) => error);
  if (thrown instanceof GatewayError) return thrown;
  throw new Error(`no failure: ${String(thrown)}`);
}

const answer = (value: object): FakeAnswer => ({ pieces: [JSON.stringify(value)] });
const candidate = (fields: object, parts: object[] = []) =>
  answer({ candidates: [{ content: { parts, role: 'model' }, ...fields }] });

describe('models that paint while they talk', () => {
  it('are asked for words and a picture of the shape; a sketch on the way is no result', async () => {
    const made = await make({ size: { width: 1792, height: 1024 } }, [{ pieces: [PICTURE] }]);
    expect(made.bodies).toEqual([
      {
        contents: [{ role: 'user', parts: [{ text: 'a cat' }] }],
        generationConfig: { responseModalities: ['TEXT', 'IMAGE'], imageConfig: { aspectRatio: '16:9' } },
      },
    ]);
    expect(made.files).toHaveLength(1);
    expect(made.operation['id']).toBe('gen_0000000000000123456789abcdef01234567');
    expect(made.facts).toEqual({
      size: '1344x768',
      format: 'png',
      usage: { inputTokens: 9, outputTokens: 1183, totalTokens: 1192, imageInputTokens: 0, textInputTokens: 9 },
    });
  });

  it.each([PAINTER, 'imagen-4'])('%s may have painted where somebody between gave up', async (model) => {
    const page = { status: 503, pieces: ['<html>Service Unavailable</html>'] };
    expect((await failure(make({}, [page], model))).data.saw).toBe('unknown');
    const own = { status: 503, pieces: ['{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}'] };
    expect((await failure(make({}, [own], model))).data.saw).toBe('refused');
  });

  it('read the given pictures before the words', async () => {
    const media = { key: 'k', mediaType: 'image/webp', bytes: 3 };
    const made = await make({ pictures: [media, media] }, [{ pieces: [PICTURE] }]);
    const inline = { inlineData: { mimeType: 'image/webp', data: 'Y2F0' } };
    expect(made.bodies[0]?.['contents']).toEqual([{ role: 'user', parts: [inline, inline, { text: 'a cat' }] }]);
  });

  it('make several by one call each; what was made is kept, and that there are fewer is told', async () => {
    const made = await make({ count: 3 }, [{ pieces: [PICTURE] }, candidate({ finishReason: 'IMAGE_SAFETY' })]);
    expect(made.bodies).toHaveLength(3);
    expect(made.files).toHaveLength(1);
    expect(made.facts).toMatchObject({ asked: 3, made: 1, missing: { code: 'content_refused' } });
  });

  it('where nothing came of several, what may have been paid decides', async () => {
    const answers = [candidate({ finishReason: 'IMAGE_SAFETY' }), { status: 502, pieces: ['no'] }];
    expect((await failure(make({ count: 2 }, answers))).data.saw).toBe('unknown');
  });

  it.each([
    [{ finishReason: 'IMAGE_SAFETY' }, 'content_refused', 'IMAGE_SAFETY'],
    [{ finishReason: 'IMAGE_PROHIBITED_CONTENT' }, 'content_refused', 'IMAGE_PROHIBITED_CONTENT'],
    [{ finishReason: 'NO_IMAGE' }, 'upstream_bad_answer', 'NO_IMAGE'],
    [{ finishReason: 'MAX_TOKENS' }, 'upstream_bad_answer', 'MAX_TOKENS'],
  ])('no picture, %j: told as what it is, and nothing was made', async (fields, code, upstreamCode) => {
    const error = await failure(make({}, [candidate(fields)]));
    expect(error.data).toMatchObject({ code, upstreamCode, saw: 'refused' });
  });

  it('words instead of a picture are a refusal that tells them', async () => {
    const error = await failure(make({}, [candidate({ finishReason: 'STOP' }, [{ text: 'I cannot draw that.' }])]));
    expect(error.data).toMatchObject({ code: 'content_refused', saw: 'refused' });
    expect(error.message).toContain('I cannot draw that.');
  });

  it('a blocked prompt names the field', async () => {
    const error = await failure(make({}, [answer({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } })]));
    expect(error.data).toMatchObject({ code: 'content_refused', param: 'prompt', upstreamCode: 'PROHIBITED_CONTENT' });
  });

  it.each<[Partial<ImageRequest>, string, string]>([
    [{ mask: { key: 'k', mediaType: 'image/png', bytes: 1 } }, 'mask', 'unsupported'],
    [{ background: 'transparent' }, 'background', 'unsupported'],
    [{ format: 'webp' }, 'output_format', 'unsupported'],
    [{ size: { width: 1000, height: 100 } }, 'size', 'invalid_request'],
    [{ resolution: '8K' }, 'resolution', 'invalid_request'],
  ])('%j is refused by its name, unsent', async (request, param, code) => {
    const http = createFakeHttp({ pieces: [PICTURE] });
    const context = createTestContext({ http, model: PAINTER });
    const error = await failure(collect(image.start({ ...ask, ...request }, context)));
    expect(error.data).toMatchObject({ param, code, saw: 'nothing' });
    expect(http.requests).toEqual([]);
  });

  it.each([
    [PAINTER, { width: 2048, height: 2048 }, { aspectRatio: '1:1', imageSize: '2K' }],
    [PAINTER, { width: 4096, height: 4096 }, { aspectRatio: '1:1', imageSize: '4K' }],
    [PAINTER, { width: 512, height: 512 }, { aspectRatio: '1:1' }],
    ['gemini-3.1-flash-image', { width: 512, height: 512 }, { aspectRatio: '1:1', imageSize: '512' }],
    ['gemini-3.1-flash-image', { width: 512, height: 2048 }, { aspectRatio: '1:4' }],
    ['gemini-2.5-flash-image', { width: 1024, height: 1536 }, { aspectRatio: '2:3' }],
  ])('%s understands %j', async (model, size, imageConfig) => {
    const made = await make({ size }, [{ pieces: [PICTURE] }], model);
    expect(made.bodies[0]?.['generationConfig']).toEqual({ responseModalities: ['TEXT', 'IMAGE'], imageConfig });
  });

  it('a size that a model cannot paint is refused, never made smaller in silence', async () => {
    const large = make({ size: { width: 2048, height: 2048 } }, [{ pieces: [PICTURE] }], 'gemini-2.5-flash-image');
    expect((await failure(large)).data).toMatchObject({ code: 'invalid_request', param: 'size' });
  });
});

describe('Imagen', () => {
  const predictions = (count: number, ...others: object[]) => [
    ...Array.from({ length: count }, () => ({ bytesBase64Encoded: 'AAAA', mimeType: 'image/png' })),
    ...others,
  ];
  const positive = { contentType: 'Positive Prompt', safetyAttributes: {} };

  it('is asked by prediction, four at a time', async () => {
    const answers = [
      answer({ predictions: predictions(4, positive) }),
      answer({ predictions: predictions(2, positive) }),
    ];
    const made = await make({ count: 6, aspectRatio: '16:9', resolution: '2k' }, answers, 'imagen-4.0-generate-001');
    expect(made.urls[0]).toBe('http://upstream.test/v1beta/models/imagen-4.0-generate-001:predict');
    expect(made.bodies.map(({ parameters }) => parameters)).toMatchObject([
      { sampleCount: 4, aspectRatio: '16:9', sampleImageSize: '2K', includeRaiReason: true },
      { sampleCount: 2 },
    ]);
    expect(made.files).toHaveLength(6);
    expect(made.facts?.['missing']).toBeUndefined();
  });

  it("users' tags in the prompt win over what clients fill in by themselves", async () => {
    const request = { prompt: 'a cat {n:2} {ratio:16:9}', count: 1, size: { width: 1024, height: 1024 } };
    const made = await make(request, [answer({ predictions: predictions(2) })], 'imagen-4.0-generate-001');
    expect(made.bodies[0]).toMatchObject({
      instances: [{ prompt: 'a cat' }],
      parameters: { sampleCount: 2, aspectRatio: '16:9' },
    });
  });

  it('what was filtered is told: some of them beside the rest, all of them as a refusal', async () => {
    const filtered = { raiFilteredReason: 'Support codes: 39322892' };
    const some = await make(
      { count: 2 },
      [answer({ predictions: predictions(1, filtered) })],
      'imagen-4.0-generate-001',
    );
    expect(some.facts).toMatchObject({ asked: 2, made: 1, missing: { code: 'content_refused' } });
    const error = await failure(make({}, [answer({ predictions: [filtered, positive] })], 'imagen-4.0-generate-001'));
    expect(error.data).toMatchObject({ code: 'content_refused', saw: 'refused' });
    expect(error.message).toContain('39322892');
  });

  it('takes no pictures', async () => {
    const pictures = [{ key: 'k', mediaType: 'image/png', bytes: 1 }];
    const error = await failure(make({ pictures }, [answer({})], 'imagen-4.0-generate-001'));
    expect(error.data).toMatchObject({ code: 'unsupported', param: 'image' });
  });
});

describe('mistake 19: sizes by a list with a slip in it, a ratio kept from the request before', () => {
  it('each request has the shape that it asks for itself', async () => {
    const shaped = await make({ size: { width: 1024, height: 1792 } }, [{ pieces: [PICTURE] }]);
    const plain = await make({}, [{ pieces: [PICTURE] }]);
    expect(shaped.bodies[0]).toMatchObject({ generationConfig: { imageConfig: { aspectRatio: '9:16' } } });
    expect(plain.bodies[0]).toMatchObject({ generationConfig: { responseModalities: ['TEXT', 'IMAGE'] } });
    expect(JSON.stringify(plain.bodies)).not.toContain('imageConfig');
  });

  it('an Imagen that is gone is a missing model, and not the key', async () => {
    const message = 'models/imagen-4.0-generate-001 is not found for API version v1beta';
    const gone = { status: 404, pieces: [JSON.stringify({ error: { code: 404, status: 'NOT_FOUND', message } })] };
    expect((await failure(make({}, [gone], 'imagen-4.0-generate-001'))).code).toBe('upstream_model_missing');
  });
});
