import type { JsonObject } from '@sluice/contracts/json';
import type { VideoRequest } from '@sluice/contracts/video';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import type { JobStep } from '@sluice/upstream-kit/job';
import { describe, expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { findVideo, pollVideos } from './web.video-find.js';
import { webVideo } from './web.video.js';

const POST = { pieces: ['{"post":{"id":"post-1"}}'] };
const URL = 'users/u/generated/v1/generated_video.mp4';

function told(videoId: string, progress: number, more: JsonObject = {}): JsonObject {
  return { streamingVideoGenerationResponse: { videoId, progress, videoUrl: '', moderated: false, ...more } };
}

function frames(...all: JsonObject[]): FakeAnswer {
  return { pieces: all.map((response) => `${JSON.stringify({ result: { response } })}\n`) };
}

async function make(answers: FakeAnswer[], request: Partial<VideoRequest> = {}) {
  const http = createFakeHttp(...answers);
  const steps: JobStep[] = [];
  const run = async () => {
    const wanted = { model: 'm', prompt: 'a cat', ...request };
    for await (const step of webVideo.start(wanted, createSessionContext({ http }))) steps.push(step);
  };
  const error = await run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const bodies = http.requests.map(({ body }) => JSON.parse(String(body)) as JsonObject);
  return { steps, error, bodies, requests: http.requests };
}

describe('a video on the website', () => {
  it('is a post that costs nothing, then one paid call that tells its progress', async () => {
    const { steps, bodies } = await make([
      POST,
      frames(
        told('v1', 0),
        told('v2', 50),
        told('v1', 37),
        told('v1', 100, { videoUrl: URL, thumbnailImageUrl: 'users/u/p.jpg' }),
      ),
    ]);
    const operation = { id: 'post-1', videoId: 'v1' };
    expect(steps).toMatchObject([
      { type: 'prepared', facts: { postId: 'post-1' } },
      { type: 'accepted', operation },
      { type: 'running', operation, progress: 0 },
      { type: 'running', operation, progress: 37 },
      {
        type: 'done',
        operation,
        facts: { durationSeconds: 6 },
        files: [{ url: `https://assets.grok.com/${URL}`, needsCredential: true }, { role: 'thumbnail' }],
      },
    ]);
    expect(bodies).toMatchObject([
      { mediaType: 'MEDIA_POST_TYPE_VIDEO', prompt: 'a cat' },
      {
        message: 'a cat --mode=custom',
        toolOverrides: { videoGen: true },
        responseMetadata: {
          modelConfigOverride: {
            modelMap: {
              videoGenModelConfig: {
                parentPostId: 'post-1',
                videoLength: 6,
                aspectRatio: '3:2',
                videoResolution: 'SD',
              },
            },
          },
        },
      },
    ]);
  });

  it('starts from a picture that is brought there', async () => {
    const uploaded = { pieces: ['{"fileMetadataId":"f","fileUri":"users/u/f/content"}'] };
    const references = [{ role: 'reference', media: { key: 'k.png', mediaType: 'image/png', bytes: 7 } }] as const;
    const { bodies } = await make([uploaded, POST, frames(told('v1', 100, { videoUrl: URL }))], {
      references: [...references],
    });
    expect(bodies[1]).toEqual({
      mediaType: 'MEDIA_POST_TYPE_IMAGE',
      mediaUrl: 'https://assets.grok.com/users/u/f/content',
    });
  });

  it('is made finer where that is asked for, and is there without', async () => {
    const request = { providerOptions: { grok: { upscale: true } } };
    const finer = await make(
      [
        POST,
        frames(told('v1', 100, { videoUrl: URL })),
        { pieces: ['{"hdMediaUrl":"https://imagine-public.x.ai/hd.mp4"}'] },
      ],
      request,
    );
    expect(finer.steps.at(-1)).toMatchObject({ files: [{ url: 'https://imagine-public.x.ai/hd.mp4' }] });
    const plain = await make(
      [POST, frames(told('v1', 100, { videoUrl: URL })), { status: 500, pieces: ['{}'] }],
      request,
    );
    expect(plain.steps.at(-1)).toMatchObject({ type: 'done', files: [{ url: `https://assets.grok.com/${URL}` }] });
  });

  it.each([told('v1', 60, { moderated: true }), told('v1', 100)])(
    'that is withheld is refused, and over',
    async (frame) => {
      const { steps } = await make([POST, frames(frame)]);
      expect(steps.at(-1)).toMatchObject({ type: 'failed', error: { code: 'content_refused' } });
    },
  );

  it('whose stream breaks off goes on, without us', async () => {
    const { steps, error } = await make([POST, { ...frames(told('v1', 10)), ending: 'break' }]);
    expect(steps.map(({ type }) => type)).toEqual(['prepared', 'accepted', 'running']);
    expect(error).toMatchObject({ code: 'upstream_interrupted' });
  });

  it('that is refused in a frame before it began was not taken, and is left in doubt by one after', async () => {
    const limit = { pieces: ['{"error":{"code":8,"message":"rate limited"}}\n'] };
    const refusal = await make([POST, limit]);
    expect(refusal.error).toMatchObject({ code: 'upstream_rate_limited', data: { saw: 'refused' } });
    const begun = frames(told('v1', 10));
    const later = await make([POST, { pieces: [...(begun.pieces ?? []), ...limit.pieces] }]);
    expect(later.error).toMatchObject({ data: { saw: 'unknown' } });
  });

  it('whose stream ends before it began may have been taken', async () => {
    expect((await make([POST, frames({ token: 'x' })])).error).toMatchObject({ data: { saw: 'unknown' } });
  });

  it('is not paid before its post: what fails there was refused', async () => {
    const { error } = await make([{ status: 500, pieces: ['{"code":13,"message":"Failed to send request."}'] }]);
    expect(error).toMatchObject({ data: { saw: 'refused' } });
  });

  it.each<[Partial<VideoRequest>, string]>([
    [{ durationSeconds: 4 }, 'seconds'],
    [{ durationSeconds: 16 }, 'seconds'],
    [{ aspectRatio: '4:3' }, 'aspect_ratio'],
    [{ resolution: '1080p' }, 'resolution'],
    [{ providerOptions: { grok: { preset: 'wild' } } }, 'preset'],
    [{ source: { relation: 'remix', generationId: 'g' } }, 'video'],
  ])('that cannot be made is refused before anything is created: %j', async (request, param) => {
    const { error, requests } = await make([], request);
    expect(error).toMatchObject({ code: 'unsupported', data: { param, saw: 'nothing' } });
    expect(requests).toHaveLength(0);
  });
});

describe('a video that was lost', () => {
  const assets = (...list: object[]): FakeAnswer => ({ pieces: [JSON.stringify({ assets: list })] });
  const asset = { assetId: 'a', mimeType: 'video/mp4', key: URL, sourcePostId: 'post-1' };
  const intent = {
    request: { model: 'm', prompt: 'p' },
    generationId: 'g',
    submittedAtMs: 0,
    prepared: { postId: 'post-1' },
    owned: new Set<string>(),
  };

  it('is found among the assets by its post', async () => {
    const context = createSessionContext({ http: createFakeHttp(assets({ assetId: 'b' }, asset)) });
    expect(await findVideo(intent, context)).toEqual({ id: 'post-1' });
  });

  it('that is not there yet stays unknown, and is never submitted again', async () => {
    const context = createSessionContext({ http: createFakeHttp(assets()) });
    await expect(findVideo(intent, context)).rejects.toMatchObject({ code: 'outcome_unknown' });
  });

  it('is polled by the one listing for all', async () => {
    const http = createFakeHttp(assets(asset));
    const steps = await pollVideos([{ id: 'post-1', videoId: 'v1' }, { id: 'post-2' }], createSessionContext({ http }));
    expect(steps).toMatchObject([
      { type: 'done', files: [{ url: `https://assets.grok.com/${URL}` }] },
      { type: 'running' },
    ]);
    expect(http.requests).toHaveLength(1);
  });

  it('is not looked for in a circle', async () => {
    const http = createFakeHttp({ pieces: ['{"assets":[],"nextPageToken":"same"}'] });
    await pollVideos([{ id: 'post-1' }], createSessionContext({ http }));
    expect(http.requests).toHaveLength(2);
  });
});
