import type { ImageRequest } from '@sluice/contracts/image';
import type { JsonObject } from '@sluice/contracts/json';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import type { JobStep } from '@sluice/upstream-kit/job';
import { describe, expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { webImage } from './web.image.js';

const JPEG: FakeAnswer = { headers: { 'content-type': 'image/jpeg' }, pieces: ['jpeg'] };
const streamed = (imageUrl: string, more: JsonObject = {}): JsonObject => ({
  streamingImageGenerationResponse: { imageId: imageUrl, imageUrl, progress: 100, moderated: false, ...more },
});
const PICTURE = { key: 'k.png', mediaType: 'image/png', bytes: 7 };

function frames(...all: JsonObject[]): FakeAnswer {
  return { pieces: all.map((response) => `${JSON.stringify({ result: { response } })}\n`) };
}

async function make(answers: FakeAnswer[], request: Partial<ImageRequest> = {}) {
  const http = createFakeHttp(...answers);
  const steps: JobStep[] = [];
  const run = async () => {
    const context = createSessionContext({ http, model: 'grok-imagine-1.0' });
    for await (const step of webImage.start({ model: 'm', prompt: 'a cat', ...request }, context)) steps.push(step);
  };
  const error = await run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { steps, error, requests: http.requests };
}

describe('pictures of the website', () => {
  it('come by a chat, two a call, and are fetched with the session', async () => {
    const answer = frames(streamed('a/image.jpg', { progress: 50 }), streamed('a/image.jpg'), streamed('b/image.jpg'), {
      modelResponse: { generatedImageUrls: ['a/image.jpg', 'b/image.jpg'] },
    });
    const { steps, requests } = await make([answer, JPEG, JPEG], { count: 2 });
    expect(steps).toMatchObject([{ type: 'done', files: [{ role: 'result' }, { role: 'result' }] }]);
    expect(requests.map(({ url }) => url)).toEqual([
      'https://grok.com/rest/app-chat/conversations/new',
      'https://assets.grok.com/a/image.jpg',
      'https://assets.grok.com/b/image.jpg',
    ]);
    expect(JSON.parse(String(requests[0]?.body))).toMatchObject({
      message: 'Image Generation: a cat',
      modelName: 'grok-3',
    });
  });

  it('come as cards too', async () => {
    const card = {
      cardAttachment: {
        jsonData: JSON.stringify({ image_chunk: { imageUrl: 'c.jpg', progress: 100, moderated: false } }),
      },
    };
    expect((await make([frames(card), JPEG])).steps).toMatchObject([{ files: [{ role: 'result' }] }]);
  });

  it('that are fewer than was asked are all that there are', async () => {
    const none = frames({ token: 'x' });
    const { steps } = await make([frames(streamed('a.jpg'), streamed('b.jpg')), JPEG, JPEG, none], { count: 4 });
    expect(steps).toMatchObject([{ files: [{}, {}] }]);
  });

  it('that are made, and cannot be fetched, are not made again', async () => {
    const forbidden: FakeAnswer = { status: 403, pieces: ['{"error":{"code":7,"message":"no"}}'] };
    const { error } = await make([frames(streamed('a.jpg')), forbidden]);
    expect(error).toMatchObject({ data: { saw: 'unknown' } });
    const { steps } = await make([frames(streamed('a.jpg'), streamed('b.jpg')), forbidden, JPEG], { count: 2 });
    expect(steps).toMatchObject([{ type: 'done', files: [{ role: 'result' }] }]);
  });

  it('that a call tells nothing of are not asked for again', async () => {
    const { error, requests } = await make([frames({ token: 'x' })], { count: 4 });
    expect(error).toMatchObject({ code: 'upstream_bad_answer', data: { saw: 'unknown' } });
    expect(requests).toHaveLength(1);
  });

  it('that are withheld are a refusal', async () => {
    expect((await make([frames(streamed('a.jpg', { moderated: true }))])).error).toMatchObject({
      code: 'content_refused',
    });
  });

  it('are edited by what is brought there first', async () => {
    const uploaded = { pieces: ['{"fileMetadataId":"f","fileUri":"users/u/f/content"}'] };
    const { requests } = await make([uploaded, frames(streamed('a.jpg')), JPEG], { pictures: [PICTURE] });
    expect(JSON.parse(String(requests[1]?.body))).toMatchObject({
      modelName: 'imagine-image-edit',
      message: 'Image Edit: a cat',
      responseMetadata: {
        modelConfigOverride: {
          modelMap: { imageEditModelConfig: { imageReferences: ['https://assets.grok.com/users/u/f/content'] } },
        },
      },
    });
  });

  it.each([
    [{ count: 11 }, 'n'],
    [{ mask: PICTURE }, 'mask'],
    [{ background: 'transparent' as const }, 'background'],
    [{ format: 'webp' as const }, 'output_format'],
  ])('that cannot be made are refused before anything is sent: %j', async (request, param) => {
    const { error, requests } = await make([], request);
    expect(error).toMatchObject({ code: 'unsupported', data: { param, saw: 'nothing' } });
    expect(requests).toHaveLength(0);
  });
});
