import type { VideoReference, VideoRequest } from '@sluice/contracts/video';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { pollVideos } from './xai.video-poll.js';
import { videoCall } from './xai.video-request.js';

const media = { key: 'k', mediaType: 'image/png', bytes: 7 };
const reference: VideoReference = { role: 'reference', media };

function call(request: Partial<VideoRequest>, model = 'grok-imagine-video') {
  return videoCall({ model: 'm', prompt: 'a cat', ...request }, createTestContext({ http: createFakeHttp(), model }));
}

async function look(...answers: (object | FakeAnswer)[]) {
  const http = createFakeHttp(
    ...answers.map((answer) =>
      'status' in answer && typeof answer.status === 'number' ? answer : { pieces: [JSON.stringify(answer)] },
    ),
  );
  const operations = answers.map((_, index) => ({ id: `r${index}`, acceptedAtMs: Date.now() }));
  return pollVideos(operations, createTestContext({ http }));
}

describe('what is asked for', () => {
  it('is told in its words', async () => {
    const { path, body } = await call({ durationSeconds: 8, size: { width: 1280, height: 720 } });
    expect(path).toBe('/videos/generations');
    expect(body).toEqual({
      model: 'grok-imagine-video',
      prompt: 'a cat',
      duration: 8,
      aspect_ratio: '16:9',
      resolution: '720p',
    });
  });

  it('starts from one picture, or refers to several', async () => {
    expect((await call({ references: [reference] })).body).toHaveProperty('image.url');
    expect((await call({ references: [reference, reference] })).body).toMatchObject({ reference_images: [{}, {}] });
  });

  it('extends and edits a video of its own by the address that it had', async () => {
    const source = { generationId: 'gen_1', operation: { id: 'r', url: 'https://vidgen.test/a.mp4' } } as const;
    const edit = await call({ source: { relation: 'edit', ...source } });
    expect(edit).toMatchObject({ path: '/videos/edits', body: { video: { url: 'https://vidgen.test/a.mp4' } } });
    const longer = await call({ durationSeconds: 6, source: { relation: 'extension', ...source } });
    expect(longer).toMatchObject({ path: '/videos/extensions', body: { duration: 6 } });
  });

  it.each<[Partial<VideoRequest>, string]>([
    [{ durationSeconds: 16 }, 'seconds'],
    [{ durationSeconds: 2.5 }, 'seconds'],
    [{ durationSeconds: 12, references: [reference, reference] }, 'seconds'],
    [{ size: { width: 1792, height: 1024 } }, 'size'],
    [{ resolution: '1080p' }, 'resolution'],
    [{ aspectRatio: '21:9' }, 'aspect_ratio'],
    [{ references: [{ role: 'first-frame', media }, reference] }, 'input_reference'],
    [{ references: Array.from({ length: 8 }, () => reference) }, 'input_reference'],
    [{ references: [{ role: 'first-frame', media: { ...media, bytes: 11 * 1024 * 1024 } }] }, 'input_reference'],
    [{ source: { relation: 'remix', generationId: 'g' } }, 'video'],
    [{ source: { relation: 'edit', generationId: 'g' } }, 'video'],
  ])('is refused with what can be done, never changed: %j', async (request, param) => {
    await expect(call(request)).rejects.toMatchObject({ data: { param, saw: 'nothing' } });
  });
});

describe('a look', () => {
  it('tells each what became of it', async () => {
    const steps = await look(
      { status: 'pending', progress: 37, model: 'm' },
      {
        status: 'done',
        progress: 100,
        model: 'm',
        video: { url: 'https://vidgen.test/a.mp4', duration: 8, respect_moderation: true },
      },
      { status: 'done', video: { url: '', respect_moderation: false } },
      { status: 'failed', error: { code: 'permission_denied', message: 'no' } },
      { status: 'failed', error: { code: 'internal_error', message: 'broke' } },
      { status: 'expired' },
    );
    expect(steps).toMatchObject([
      { type: 'running', progress: 37 },
      {
        type: 'done',
        files: [{ url: 'https://vidgen.test/a.mp4' }],
        facts: { durationSeconds: 8 },
        operation: { url: 'https://vidgen.test/a.mp4' },
      },
      { type: 'failed', error: { code: 'content_refused' } },
      { type: 'failed', error: { code: 'content_refused' } },
      { type: 'failed', error: { code: 'upstream_error', message: 'broke' } },
      { type: 'failed', error: { code: 'upstream_error', reason: 'expired' } },
    ]);
  });

  it('that fails for one leaves it as it was', async () => {
    const steps = await look({ status: 500, pieces: ['{}'] }, { status: 'pending' });
    expect(steps).toMatchObject([{ type: 'running' }, { type: 'running' }]);
  });

  it('at a video that is not known yet is no end', async () => {
    const steps = await look({ status: 404, pieces: ['{"code":"not-found","error":"no such request"}'] });
    expect(steps).toMatchObject([{ type: 'running' }]);
  });
});
