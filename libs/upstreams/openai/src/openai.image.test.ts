import type { ImageRequest } from '@sluice/contracts/image';
import type { JobStep } from '@sluice/upstream-kit/job';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { jobConformance } from '@sluice/upstream-kit/job-conformance';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { image } from './openai.image.js';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const BASE64 = PNG.toString('base64');
const HELD = { role: 'result', bytes: PNG };
const ask: ImageRequest = { model: 'm', prompt: 'a cat' };
const ok: FakeAnswer = { pieces: [JSON.stringify({ created: 1, data: [{ b64_json: BASE64 }] })] };

async function run(request: Partial<ImageRequest>, answer: FakeAnswer, { model = 'gpt-image-1' } = {}) {
  const http = createFakeHttp(answer);
  const readMedia = async function* () {
    yield Buffer.from('bytes');
  };
  const context = createTestContext({ http, model, readMedia });
  const steps: JobStep[] = [];
  let error: unknown;
  try {
    for await (const step of image.start({ ...ask, ...request }, context)) steps.push(step);
  } catch (thrown) {
    error = thrown;
  }
  expect(http.openBodies()).toBe(0);
  const [sent] = http.requests;
  return { steps, error, sent, done: steps.at(-1) };
}

async function bodyOf(request: Partial<ImageRequest>, model?: string) {
  const { sent } = await run(request, ok, model === undefined ? {} : { model });
  return JSON.parse(String(sent?.body)) as Record<string, unknown>;
}

describe('what is asked', () => {
  it('is only what the caller asked', async () => {
    expect(await bodyOf({})).toEqual({ model: 'gpt-image-1', prompt: 'a cat' });
    const asked = await bodyOf({
      count: 3,
      size: { width: 1024, height: 1536 },
      quality: 'high',
      background: 'transparent',
      format: 'webp',
      compression: 70,
      moderation: 'low',
      endUser: 'u',
      providerOptions: { openai: { complexity: 2 }, other: { no: 1 } },
    });
    expect(asked).toEqual({
      model: 'gpt-image-1',
      prompt: 'a cat',
      n: 3,
      size: '1024x1536',
      quality: 'high',
      background: 'transparent',
      output_format: 'webp',
      output_compression: 70,
      moderation: 'low',
      user: 'u',
      complexity: 2,
    });
  });

  it('names the form of the answer where a family has a choice, and nowhere else', async () => {
    expect(await bodyOf({}, 'dall-e-3')).toMatchObject({ response_format: 'b64_json' });
    expect(await bodyOf({}, 'gpt-image-1')).not.toHaveProperty('response_format');
    expect(await bodyOf({}, 'flux-dev')).not.toHaveProperty('response_format');
  });

  it('is a size where the family has one of that ratio, else the ratio itself', async () => {
    expect(await bodyOf({ aspectRatio: '3:2' })).toMatchObject({ size: '1536x1024' });
    expect(await bodyOf({ aspectRatio: '16:9' })).toMatchObject({ aspect_ratio: '16:9' });
    expect(await bodyOf({ aspectRatio: '1:1', resolution: '2K' }, 'flux')).toEqual({
      model: 'flux',
      prompt: 'a cat',
      aspect_ratio: '1:1',
      resolution: '2K',
    });
  });

  it('is a stream only where previews are wanted', async () => {
    expect(await bodyOf({ partials: 2 })).toMatchObject({ stream: true, partial_images: 2 });
    expect(await bodyOf({ partials: 0 })).not.toHaveProperty('stream');
    expect(await bodyOf({ partials: 2 }, 'dall-e-2')).not.toHaveProperty('stream');
  });

  it('of pictures is a form, as long as it says', async () => {
    const media = (key: string) => ({ key, mediaType: 'image/png', bytes: 5 });
    const { sent } = await run(
      { pictures: [media('1'), media('2')], mask: media('3'), count: 2, inputFidelity: 'high' },
      ok,
    );
    expect(sent?.url).toBe('http://upstream.test/v1/images/edits');
    const pieces: Uint8Array[] = [];
    const sentBody = (sent?.body ?? []) as AsyncIterable<Uint8Array>;
    for await (const piece of sentBody) pieces.push(piece);
    const body = Buffer.concat(pieces);
    expect(sent?.headers?.['content-length']).toBe(String(body.length));
    const form = await new Response(body, {
      headers: { 'content-type': String(sent?.headers?.['content-type']) },
    }).formData();
    expect([...form.keys()]).toEqual(['model', 'prompt', 'n', 'input_fidelity', 'image[]', 'image[]', 'mask']);
    expect(form.get('n')).toBe('2');
    expect(await (form.get('mask') as File).text()).toBe('bytes');
    const one = await run({ pictures: [media('1')] }, ok);
    expect(String(one.sent?.headers?.['content-type'])).toMatch(/^multipart/);
  });
});

describe('what is answered', () => {
  it('is told with what ran, and the prompts by picture', async () => {
    const body = {
      created: 1,
      size: '1024x1024',
      quality: 'high',
      output_format: 'png',
      background: 'opaque',
      usage: {
        input_tokens: 5,
        output_tokens: 6,
        total_tokens: 11,
        input_tokens_details: { image_tokens: 1, text_tokens: 4 },
      },
      data: [
        { b64_json: BASE64 },
        { url: 'https://files.test/1.png', revised_prompt: 'a red cat' },
        { b64_json: `data:image/png;base64,${BASE64}` },
        { url: 'javascript:alert(1)' },
      ],
    };
    const { steps, done } = await run({}, { pieces: [JSON.stringify(body)] });
    expect(steps.map(({ type }) => type)).toEqual(['done']);
    expect(done).toMatchObject({
      files: [HELD, { role: 'result', url: 'https://files.test/1.png', needsCredential: false }, HELD],
      facts: {
        revisedPrompts: [null, 'a red cat', null],
        size: '1024x1024',
        quality: 'high',
        outputFormat: 'png',
        background: 'opaque',
        usage: { inputTokens: 5, outputTokens: 6, totalTokens: 11, imageInputTokens: 1, textInputTokens: 4 },
      },
    });
  });

  const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

  it.each(['image_generation', 'image_edit'])('as a stream of %s tells previews in their order', async (name) => {
    const pieces = [
      event(`${name}.partial_image`, { b64_json: BASE64, partial_image_index: 0 }),
      event(`${name}.partial_image`, { b64_json: BASE64, partial_image_index: 1 }),
      event(`${name}.completed`, { b64_json: BASE64, size: '1024x1024', usage: { total_tokens: 3 } }),
    ];
    const { steps } = await run({ partials: 2 }, { pieces });
    expect(steps.map(({ type }) => type)).toEqual(['partial', 'partial', 'done']);
    expect(steps[0]).toMatchObject({ index: 0, file: { role: 'partial', bytes: PNG } });
    expect(steps[2]).toMatchObject({ files: [HELD], facts: { size: '1024x1024', usage: { totalTokens: 3 } } });
  });

  it('that breaks off, or is refused, in the middle of a stream is no picture', async () => {
    const begun = event('image_generation.partial_image', { b64_json: BASE64 });
    const cut = await run({ partials: 1 }, { pieces: [begun] });
    expect(cut.error).toMatchObject({ code: 'upstream_interrupted', data: { saw: 'unknown' } });
    const refused = { error: { message: 'Blocked.', code: 'moderation_blocked', type: 'image_generation_user_error' } };
    const blocked = await run({ partials: 1 }, { pieces: [begun, event('error', refused)] });
    expect(blocked.error).toMatchObject({ code: 'content_refused', data: { saw: 'refused' } });
  });
});

describe('a stream that told of a picture before it failed', () => {
  const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
  const whole = event('image_generation.completed', { b64_json: BASE64 });

  it('is that picture: it is paid, and never made again', async () => {
    const limited = { error: { message: 'Slow down.', code: 'rate_limit_exceeded' } };
    const refused = await run({ partials: 1, count: 2 }, { pieces: [whole, event('error', limited)] });
    expect(refused).toMatchObject({ error: undefined, done: { type: 'done', files: [HELD] } });
    const cut = await run({ partials: 1, count: 2 }, { pieces: [whole], ending: 'break' });
    expect(cut).toMatchObject({ error: undefined, done: { type: 'done', files: [HELD] } });
  });
});

describe('what fails', () => {
  it.each([
    [400, { code: 'moderation_blocked', message: 'x' }, 'content_refused', 'refused'],
    [400, { message: 'Your request was rejected as a result of our safety system.' }, 'content_refused', 'refused'],
    [400, { message: 'Invalid size.', param: 'size' }, 'invalid_request', 'refused'],
    [429, { message: 'Slow down.' }, 'upstream_rate_limited', 'refused'],
    [503, { message: 'Busy.', code: 'server_is_overloaded' }, 'upstream_overloaded', 'refused'],
    [503, { message: 'Busy.' }, 'upstream_overloaded', 'unknown'],
    [500, { message: 'Oops.' }, 'upstream_error', 'unknown'],
    [200, { message: 'Oops.' }, 'upstream_error', 'unknown'],
    [200, { message: 'Bad.', type: 'invalid_request_error' }, 'invalid_request', 'refused'],
  ])('%i %j is %s, and the upstream %s it', async (status, error, code, saw) => {
    const { error: thrown } = await run({}, { status, pieces: [JSON.stringify({ error })] });
    expect(thrown).toMatchObject({ code, data: { saw } });
  });

  it('a list without a picture may have been paid', async () => {
    const { error } = await run({}, { pieces: ['{"data":[{}]}'] });
    expect(error).toMatchObject({ code: 'upstream_bad_answer', data: { saw: 'unknown' } });
  });
});

describe('conformance', () => {
  const cases = jobConformance({
    job: image,
    request: ask,
    context: createTestContext,
    accepted: {
      'an address': '{"created":1,"data":[{"url":"https://files.test/1.png"}]}',
      bytes: `{"created":1,"data":[{"b64_json":"${BASE64}"}]}`,
    },
    operation: { id: 'none' },
    secret: 'sk-sealed',
  });
  for (const { name, run: check } of cases) it(name, check);
});
