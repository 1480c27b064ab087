import { GatewayError } from '@sluice/contracts/gateway-error';
import type { VideoRequest } from '@sluice/contracts/video';
import { createFakeHttp, type FakeAnswer, type FakeHttp } from '@sluice/upstream-kit/fake-http';
import type { JobStep, OperationStep } from '@sluice/upstream-kit/job';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { video } from './sora.video.js';

const NOW_MS = 1_800_000_000_000;
const clock = { now: () => NOW_MS, after: () => () => undefined };
const request: VideoRequest = { model: 'sora-2', prompt: 'a cat', durationSeconds: 8 };
const queued = JSON.stringify({ id: 'video_1', status: 'queued' });
const png = { key: 'k', mediaType: 'image/png', bytes: 5, filename: 'cat "1".png' };

function json(value: unknown, more: FakeAnswer = {}): FakeAnswer {
  return { pieces: [JSON.stringify(value)], ...more };
}

async function start(http: FakeHttp, asked: VideoRequest = request): Promise<JobStep[]> {
  const readMedia = async function* () {
    yield Buffer.from('PNG');
    yield Buffer.from('..');
  };
  const steps: JobStep[] = [];
  for await (const step of video.start(asked, createTestContext({ http, clock, readMedia }))) steps.push(step);
  return steps;
}

async function poll(answers: FakeAnswer[], ids = ['video_1'], acceptedAtMs = 0): Promise<OperationStep[]> {
  const http = createFakeHttp(...answers);
  const operations = ids.map((id) => ({ id, acceptedAtMs }));
  return (await video.poll?.(operations, createTestContext({ http, clock }))) ?? [];
}

async function bodyOf(http: FakeHttp, index = 0): Promise<string> {
  const { body = '' } = http.requests[index] ?? {};
  if (typeof body === 'string') return body;
  const pieces: Uint8Array[] = [];
  if (body instanceof Uint8Array) pieces.push(body);
  else for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('a submission', () => {
  it('without files is JSON, with the seconds as a text and one key for every attempt', async () => {
    const http = createFakeHttp({ pieces: [queued] });
    expect(await start(http)).toEqual([{ type: 'accepted', operation: { id: 'video_1', acceptedAtMs: NOW_MS } }]);
    expect(JSON.parse(await bodyOf(http))).toEqual({ model: 'sora-2', prompt: 'a cat', seconds: '8' });
    expect(http.requests[0]).toMatchObject({
      url: 'http://upstream.test/v1/videos',
      headers: { 'idempotency-key': 'gen_0000000000000123456789abcdef01234567', authorization: 'Bearer sk-sealed' },
    });
  });

  it('with a picture is a form of exactly the announced length', async () => {
    const http = createFakeHttp({ pieces: [queued] });
    await start(http, { ...request, references: [{ role: 'reference', media: png }] });
    const body = await bodyOf(http);
    expect(body).toContain(
      'name="input_reference"; filename="cat %221%22.png"\r\ncontent-type: image/png\r\n\r\nPNG..\r\n',
    );
    expect(body).toContain('name="seconds"\r\n\r\n8\r\n');
    expect(Number(http.requests[0]?.headers?.['content-length'])).toBe(Buffer.byteLength(body));
  });

  it('is sent as a form to a vendor that takes no JSON', async () => {
    const http = createFakeHttp({ status: 415, pieces: ['{"error":{"message":"no"}}'] }, { pieces: [queued] });
    await start(http);
    expect(http.requests.map(({ headers }) => headers?.['content-type']?.split(';')[0])).toEqual([
      'application/json',
      'multipart/form-data',
    ]);
  });

  it('says a ratio as the size that has it', async () => {
    const http = createFakeHttp({ pieces: [queued] });
    await start(http, { ...request, aspectRatio: '16:9' });
    expect(JSON.parse(await bodyOf(http))).toMatchObject({ aspect_ratio: '16:9', size: '1280x720' });
  });

  it.each([
    ['remix', '/videos/video_0/remix', { prompt: 'a cat' }],
    ['edit', '/videos/edits', { prompt: 'a cat', video: { id: 'video_0' } }],
    ['extension', '/videos/extensions', { prompt: 'a cat', video: { id: 'video_0' }, seconds: '8' }],
  ] as const)('starts a %s from the video of this account', async (relation, path, body) => {
    const http = createFakeHttp({ pieces: [queued] });
    await start(http, { ...request, source: { relation, generationId: 'g', operation: { id: 'video_0' } } });
    expect(http.requests[0]?.url).toBe(`http://upstream.test/v1${path}`);
    expect(JSON.parse(await bodyOf(http))).toEqual(body);
  });

  it('refuses to start from a video of which nothing is known', async () => {
    const asked = start(createFakeHttp(), { ...request, source: { relation: 'remix', generationId: 'g' } });
    await expect(asked).rejects.toMatchObject({ code: 'unsupported', data: { saw: 'nothing' } });
  });

  it.each([
    [503, { 'retry-after': '2' }, {}, 'refused'],
    [503, {}, { error: { message: 'busy', code: 'server_is_overloaded' } }, 'refused'],
    [503, {}, { error: { message: 'no upstream' } }, 'unknown'],
    [500, {}, { error: { message: 'oh', code: 'server_is_overloaded' } }, 'unknown'],
    [529, {}, { error: { message: 'oh' } }, 'unknown'],
  ])('a %i with %j and %j was %s', async (status, headers, body, saw) => {
    const asked = start(createFakeHttp(json(body, { status, headers })));
    await expect(asked).rejects.toMatchObject({ data: { saw } });
  });

  it('tells what was refused for its content from what was merely wrong', async () => {
    const refused = start(
      createFakeHttp(json({ error: { code: 'sora_content_violation', message: 'x' } }, { status: 400 })),
    );
    await expect(refused).rejects.toMatchObject({ code: 'content_refused' });
  });
});

describe('a look', () => {
  it.each([
    [
      { status: 'pending', progress: 0.42 },
      { type: 'running', progress: 42 },
    ],
    [
      { status: 'IN PROGRESS', progress: '57%' },
      { type: 'running', progress: 57 },
    ],
    [
      { status: 'processing', progress: 100 },
      { type: 'running', progress: 99 },
    ],
    [{ status: 'VIDEO_STATUS_GENERATING' }, { type: 'running' }],
    [{ status: 'pondering' }, { type: 'running' }],
    [
      { status: 'SUCCESS', seconds: 8, size: '720x1280' },
      { type: 'done', facts: { durationSeconds: 8, size: '720x1280' } },
    ],
    [{ status: 'whatever', completed_at: 1 }, { type: 'done' }],
    [{ status: 'failed', error: { code: 'moderation_blocked', message: 'x' } }, { error: { code: 'content_refused' } }],
    [{ status: 'error', error: 'it broke' }, { error: { code: 'upstream_error', message: 'it broke' } }],
    [{ status: 'FAILURE', fail_reason: 'no faces' }, { error: { code: 'upstream_error', message: 'no faces' } }],
    [{ status: 'failed', error: { code: 'insufficient_quota', message: 'x' } }, { error: { code: 'upstream_error' } }],
    [{ status: 'canceled' }, { type: 'failed', error: { upstreamCode: 'cancelled' } }],
    [{ status: 'expired' }, { type: 'failed', error: { reason: 'expired' } }],
  ])('at %j says %j', async (told, step) => {
    expect(await poll([json({ id: 'video_1', ...told })])).toMatchObject([step]);
  });

  it('takes 1 for the whole where fractions were told before', async () => {
    const http = createFakeHttp(json({ id: 'video_1', status: 'running', progress: 1 }));
    const operation = { id: 'video_1', acceptedAtMs: 0, tellsFractions: true };
    const steps = await video.poll?.([operation], createTestContext({ http, clock }));
    expect(steps).toMatchObject([{ type: 'running', progress: 99, operation: { tellsFractions: true } }]);
  });

  it('names the file by our own base URL, to be opened with the key', async () => {
    const [step] = await poll([json({ id: 'video_1', status: 'completed', expires_at: 1_800_003_600 })]);
    expect(step).toMatchObject({
      files: [
        {
          url: 'http://upstream.test/v1/videos/video_1/content',
          role: 'result',
          needsCredential: true,
          expiresAtMs: 1_800_003_600_000,
        },
        { role: 'thumbnail' },
      ],
    });
  });

  it('takes a 404 without words for a wrong base URL, which is no end of a video', async () => {
    await expect(poll([{ status: 404, pieces: ['<html></html>'] }])).rejects.toMatchObject({ code: 'upstream_error' });
  });

  it('keeps what it learnt when the vendor asks it to wait', async () => {
    const limited = json({ error: { message: 'slow' } }, { status: 429, headers: { 'retry-after': '7' } });
    const steps = await poll([json({ id: 'a', status: 'completed' }), limited], ['a', 'b', 'c']);
    expect(steps).toMatchObject([{ type: 'done' }, { type: 'running', pollAfterMs: 7_000 }, { type: 'running' }]);
  });

  it('asks a listing instead of for each of many, and for those alone that it does not have', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `v${index}`);
    const listed = ids.slice(1).map((id) => ({ id, status: 'in_progress', progress: 3 }));
    const http = createFakeHttp(
      json({ object: 'list', data: listed, has_more: false }),
      json({ id: 'v0', status: 'queued', progress: 0 }),
    );
    const operations = ids.map((id) => ({ id, acceptedAtMs: 0 }));
    const steps = await video.poll?.(operations, createTestContext({ http, clock }));
    expect(http.requests).toHaveLength(2);
    expect(steps?.map((step) => step.type === 'running' && step.progress)).toEqual([0, ...listed.map(() => 3)]);
  });

  it('tells what a listing says of others in passing, and asks for none of them', async () => {
    const due = Array.from({ length: 16 }, (_, index) => ({ id: `v${index}`, status: 'in_progress' }));
    const others = [
      { id: 'other', status: 'in_progress', progress: 7 },
      { id: 'stranger', status: 'completed' },
    ];
    const http = createFakeHttp(json({ object: 'list', data: [...due, ...others], has_more: false }));
    const told: [number, OperationStep][] = [];
    await video.poll?.(
      due.map(({ id }) => ({ id, acceptedAtMs: 0 })),
      createTestContext({ http, clock }),
      {
        operations: ['unlisted', 'other'].map((id) => ({ id, acceptedAtMs: 0 })),
        tell: (index, step) => void told.push([index, step]),
      },
    );
    expect(http.requests).toHaveLength(1);
    expect(told).toMatchObject([[1, { type: 'running', progress: 7, operation: { id: 'other' } }]]);
  });
});

describe('a lost submission', () => {
  const at = (offsetMs: number): number => Math.floor((NOW_MS + offsetMs) / 1000);
  const find = (videos: object[], owned: string[] = [], more: FakeAnswer = {}) => {
    const http = createFakeHttp(json({ object: 'list', data: videos, has_more: false }, more));
    const intent = { request, generationId: 'g', submittedAtMs: NOW_MS + 900, owned: new Set(owned) };
    return video.find?.(intent, createTestContext({ http, clock }));
  };
  const ours = { id: 'v1', model: 'sora-2-2025-12-08', prompt: 'a  cat ', created_at: at(900), status: 'queued' };
  const date = { headers: { date: new Date(NOW_MS).toUTCString() } };

  it('is recognised by prompt, model and second', async () => {
    expect(await find([ours], [], date)).toMatchObject({ id: 'v1' });
  });

  it('is not one that another generation owns, nor an older one, nor one of another prompt', async () => {
    expect(await find([ours], ['v1'], date)).toBeUndefined();
    expect(await find([{ ...ours, created_at: at(-60_000) }], [], date)).toBeUndefined();
    expect(await find([{ ...ours, prompt: 'a dog' }], [], date)).toBeUndefined();
  });

  it('is found though the vendor’s clock is an hour ahead', async () => {
    const headers = { date: new Date(NOW_MS + 3_600_000).toUTCString() };
    expect(await find([{ ...ours, created_at: at(3_600_900) }], [], { headers })).toMatchObject({ id: 'v1' });
  });

  it('is the likeliest of twins', async () => {
    const twin = { ...ours, id: 'v0', seconds: '4' };
    expect(await find([twin, { ...ours, seconds: 8 }], [], date)).toMatchObject({ id: 'v1' });
  });

  it('stays unknown where the listing tells no prompts', async () => {
    await expect(find([{ ...ours, prompt: undefined }], [], date)).rejects.toMatchObject({ code: 'outcome_unknown' });
  });

  it('stays unknown where there is no listing', async () => {
    const error = json({ error: { message: 'no such page' } }, { status: 404 });
    const http = createFakeHttp(error);
    const intent = { request, generationId: 'g', submittedAtMs: NOW_MS, owned: new Set<string>() };
    await expect(video.find?.(intent, createTestContext({ http, clock }))).rejects.toMatchObject({
      code: 'outcome_unknown',
    });
  });
});

describe('a file', () => {
  const file = { url: 'http://upstream.test/v1/videos/v/content', role: 'result', needsCredential: true } as const;
  const open = (http: FakeHttp) => video.open?.(file, createTestContext({ http, clock }));

  it('is not fetched from another host: the redirect is answered unread', async () => {
    const http = createFakeHttp({ status: 302, headers: { location: 'http://169.254.169.254/latest?sig=1' } });
    const response = await open(http);
    expect(response).toMatchObject({ status: 302, headers: { location: 'http://169.254.169.254/latest?sig=1' } });
    expect(http.requests.map(({ url }) => url)).toEqual(['http://upstream.test/v1/videos/v/content']);
    response?.discard();
    expect(http.openBodies()).toBe(0);
  });

  it('keeps the key on a redirect within the vendor, and gives a loop up', async () => {
    const http = createFakeHttp({ status: 307, headers: { location: '/v1/elsewhere' } });
    await expect(open(http)).rejects.toMatchObject({ code: 'upstream_bad_answer' });
    expect(http.requests.map(({ headers }) => headers?.['authorization'])).toEqual(Array(4).fill('Bearer sk-sealed'));
    expect(http.openBodies()).toBe(0);
  });

  it.each([
    [{ status: 403, pieces: ['<Error/>'] }, 'upstream_forbidden'],
    [{ headers: { 'content-type': 'text/html' }, pieces: ['<html>'] }, 'upstream_bad_answer'],
  ])('is none where %j comes', async (answer, code) => {
    await expect(open(createFakeHttp(answer))).rejects.toMatchObject({ code });
  });
});

describe('a cancellation', () => {
  const cancel = (...answers: FakeAnswer[]) => {
    const http = createFakeHttp(...answers);
    return { http, done: video.cancel?.({ id: 'v' }, createTestContext({ http, clock })) };
  };

  it('deletes where there is no cancelling', async () => {
    const { http, done } = cancel({ status: 404 }, json({ deleted: true }));
    await done;
    expect(http.requests.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
  });

  it('says when the video goes on', async () => {
    const { done } = cancel({ status: 404 }, json({ error: { message: 'in progress' } }, { status: 409 }));
    await expect(done).rejects.toMatchObject({ code: 'unsupported' });
    expect(done).toBeInstanceOf(Promise);
    await expect(done).rejects.toBeInstanceOf(GatewayError);
  });
});
