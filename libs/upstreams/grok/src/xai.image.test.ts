import type { ImageRequest } from '@sluice/contracts/image';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import type { JobStep } from '@sluice/upstream-kit/job';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { xaiImage } from './xai.image.js';

const PICTURE = { key: 'k', mediaType: 'image/png', bytes: 7 };
const MADE = { b64_json: Buffer.from('jpeg').toString('base64'), revised_prompt: '', respect_moderation: true };

async function make(request: Partial<ImageRequest>, answer: object | FakeAnswer, model = 'grok-imagine-image') {
  const http = createFakeHttp('pieces' in answer ? answer : { pieces: [JSON.stringify(answer)] });
  const steps: JobStep[] = [];
  const run = async () => {
    for await (const step of xaiImage.start(
      { model: 'm', prompt: 'a cat', ...request },
      createTestContext({ http, model }),
    ))
      steps.push(step);
  };
  const error = await run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const body = http.requests[0] && (JSON.parse(String(http.requests[0].body)) as object);
  return { steps, error, body, requests: http.requests };
}

describe('pictures', () => {
  it('come with the answer', async () => {
    const { steps, body } = await make({ count: 2, size: { width: 1792, height: 1024 } }, { data: [MADE, MADE] });
    expect(body).toMatchObject({ n: 2, aspect_ratio: '16:9', response_format: 'b64_json' });
    expect(body).not.toHaveProperty('size');
    expect(steps).toMatchObject([{ type: 'done', files: [{ role: 'result' }, { role: 'result' }] }]);
  });

  it('can come as temporary addresses', async () => {
    const { steps } = await make({}, { data: [{ url: 'https://imgen.test/a.jpeg', respect_moderation: true }] });
    expect(steps).toMatchObject([{ files: [{ url: 'https://imgen.test/a.jpeg', needsCredential: false }] }]);
  });

  it('of fewer number than was asked are all that there are: none is made up', async () => {
    const { steps } = await make({ count: 2 }, { data: [MADE, { ...MADE, respect_moderation: false }] });
    expect(steps).toMatchObject([{ files: [{ role: 'result' }] }]);
  });

  it('may have been made where somebody between gave up', async () => {
    const page = { status: 503, pieces: ['<html>Service Unavailable</html>'] };
    expect((await make({}, page)).error).toMatchObject({ data: { saw: 'unknown' } });
    const own = {
      status: 503,
      pieces: ['{"code":"The service is currently unavailable","error":"Service at capacity"}'],
    };
    expect((await make({}, own)).error).toMatchObject({ data: { saw: 'refused' } });
  });

  it('that are all withheld are a refusal', async () => {
    const { error } = await make({}, { data: [{ url: '', respect_moderation: false }] });
    expect(error).toMatchObject({ code: 'content_refused' });
  });

  it.each([{}, { data: [] }, { data: [{}] }, { data: [{ b64_json: '' }] }])('%j is no picture', async (answer) => {
    expect((await make({}, answer)).error).toMatchObject({ code: 'upstream_bad_answer', data: { saw: 'unknown' } });
  });

  it('are edited by JSON', async () => {
    const { body, requests } = await make({ pictures: [PICTURE] }, { data: [MADE] });
    expect(requests[0]?.url).toBe('http://upstream.test/v1/images/edits');
    expect(body).toMatchObject({
      image: { type: 'image_url', url: `data:image/png;base64,${Buffer.from('picture').toString('base64')}` },
    });
  });

  it('tell what of the request means nothing here', async () => {
    const { steps, body } = await make({ quality: 'hd', style: 'vivid' }, { data: [MADE] });
    expect(body).not.toHaveProperty('quality');
    expect(steps).toMatchObject([{ facts: { ignored: ['quality', 'style'] } }]);
    const newer = await make({ quality: 'low' }, { data: [MADE] }, 'grok-imagine-image-2.0');
    expect(newer.body).toMatchObject({ quality: 'low' });
  });

  it.each([
    [{ size: { width: 1000, height: 10 } }, 'size'],
    [{ aspectRatio: '7:5' }, 'aspect_ratio'],
    [{ resolution: '8k' }, 'resolution'],
    [{ mask: PICTURE, pictures: [PICTURE] }, 'mask'],
    [{ background: 'transparent' as const }, 'background'],
    [{ format: 'png' as const }, 'output_format'],
    [{ pictures: [PICTURE, PICTURE, PICTURE, PICTURE] }, 'image'],
    [{ count: 11 }, 'n'],
  ])('that cannot be made are refused before anything is sent: %j', async (request, param) => {
    const { error, requests } = await make(request, { data: [MADE] });
    expect(error).toMatchObject({ code: 'unsupported', data: { param, saw: 'nothing' } });
    expect(requests).toHaveLength(0);
  });
});
