import type { DurableGeneration, DurableState } from '@sluice/contracts/durable-generation';
import { STATUS_OF_STATE } from '@sluice/contracts/durable-generation';
import { describe, expect, it } from 'vitest';
import { encodeDeleted, encodeVideo, encodeVideoList } from './encode-response.js';
import { encodeRequestId, encodeXaiVideo } from './encode-xai.js';
import { fromVideoId, toRequestId, toVideoId } from './video-id.js';

type Video = DurableGeneration<'video'>;
const ID = 'gen_0123456789abcdef0123456789abcdef';

function video(state: DurableState, extras: Partial<Video> = {}): Video {
  return {
    id: ID,
    kind: 'video',
    ownerKeyId: 'key_1',
    dialect: 'openai-videos',
    model: 'sora-2',
    input: { kind: 'video', request: { model: 'sora-2', prompt: 'a cat', durationSeconds: 8 } },
    state,
    status: STATUS_OF_STATE[state],
    progress: 37,
    attempt: 1,
    files: [],
    facts: {},
    isCancelling: false,
    createdAtMs: 1_000_500,
    finishedAtMs: 2_000_999,
    expiresAtMs: 9_000_000,
    lastSequence: 0,
    version: 1,
    ...extras,
  };
}

const KEYS = [
  'id',
  'object',
  'model',
  'status',
  'progress',
  'created_at',
  'completed_at',
  'expires_at',
  'prompt',
  'seconds',
  'size',
  'remixed_from_video_id',
  'error',
];
const STATES = Object.keys(STATUS_OF_STATE) as DurableState[];

describe('the video object', () => {
  it.each(STATES)('in the state %s has its 13 members and one of the four statuses', (state) => {
    const encoded = encodeVideo(video(state));
    expect(Object.keys(encoded)).toEqual(KEYS);
    expect(['queued', 'in_progress', 'completed', 'failed']).toContain(encoded['status']);
    expect(encoded['error'] === null).toBe(encoded['status'] !== 'failed');
  });

  it('of a finished video', () => {
    expect(encodeVideo(video('succeeded', { facts: { durationSeconds: 10, size: '1280x720' } }))).toEqual({
      id: 'video_0123456789abcdef0123456789abcdef',
      object: 'video',
      model: 'sora-2',
      status: 'completed',
      progress: 100,
      created_at: 1_000,
      completed_at: 2_000,
      expires_at: 9_000,
      prompt: 'a cat',
      seconds: '10',
      size: '1280x720',
      remixed_from_video_id: null,
      error: null,
    });
  });

  it('is at 99 until the file lies with us', () => {
    expect(encodeVideo(video('collecting', { progress: 100 }))['progress']).toBe(99);
  });

  it.each<[DurableState, Partial<Video>, object]>([
    [
      'failed',
      { error: { code: 'content_refused', message: 'Not that.' } },
      { code: 'moderation_blocked', message: 'Not that.' },
    ],
    [
      'failed',
      { error: { code: 'upstream_error', message: 'No.', upstreamCode: 'generation_failed' } },
      { code: 'generation_failed', message: 'No.' },
    ],
    ['cancelled', {}, { code: 'cancelled', message: 'The video was cancelled.' }],
    ['expired', {}, { code: 'expired', message: 'The video took too long.' }],
  ])('%s tells why: %j', (state, extras, error) => {
    expect(encodeVideo(video(state, extras))).toMatchObject({ status: 'failed', error, completed_at: null });
  });

  it.each([
    [{}, '720x1280'],
    [{ size: { width: 1024, height: 1792 } }, '1024x1792'],
    [{ aspectRatio: '16:9' }, '1280x720'],
    [{ aspectRatio: '9:16', resolution: '1080p' }, '1080x1920'],
  ])('asked with %j is shown as %s', (fields, size) => {
    const input = { kind: 'video' as const, request: { model: 'm', prompt: 'a', ...fields } };
    expect(encodeVideo(video('queued', { input }))).toMatchObject({ size, seconds: '4' });
  });
});

it('a list tells its ends', () => {
  const id = toVideoId(ID);
  expect(encodeVideoList([video('queued')], { hasMore: true })).toMatchObject({
    object: 'list',
    first_id: id,
    last_id: id,
    has_more: true,
  });
  expect(encodeVideoList([], { hasMore: false })).toEqual({
    object: 'list',
    data: [],
    first_id: null,
    last_id: null,
    has_more: false,
  });
  expect(encodeDeleted(ID)).toEqual({ id, object: 'video.deleted', deleted: true });
});

describe('ids', () => {
  it('go there and back in both spellings', () => {
    expect(fromVideoId(toVideoId(ID))).toEqual({ generationId: ID, isRequestId: false });
    expect(fromVideoId(toRequestId(ID))).toEqual({ generationId: ID, isRequestId: true });
    expect(fromVideoId(ID)?.generationId).toBe(ID);
  });

  it.each(['', 'video_', 'video_xyz', `${toVideoId(ID)}0`, '../x', 'video_0123456789ABCDEF0123456789ABCDEF'])(
    '%j is none',
    (id) => expect(fromVideoId(id)).toBeUndefined(),
  );
});

describe("in xAI's spelling", () => {
  it('a request is an id, and is polled for until it is done', () => {
    expect(encodeRequestId(ID)).toEqual({ request_id: '01234567-89ab-cdef-0123-456789abcdef' });
    expect(encodeXaiVideo(video('submitted'), undefined)).toEqual({ status: 'pending', progress: 37, model: 'sora-2' });
    expect(encodeXaiVideo(video('succeeded'), 'http://x/')).toEqual({
      status: 'done',
      progress: 100,
      model: 'sora-2',
      video: { url: 'http://x/', duration: 8, respect_moderation: true },
    });
    expect(encodeXaiVideo(video('succeeded'), undefined)).toEqual({ status: 'expired' });
    expect(encodeXaiVideo(video('expired'), undefined)).toEqual({ status: 'expired' });
    const error = { code: 'content_refused' as const, message: 'Not that.' };
    expect(encodeXaiVideo(video('failed', { error }), undefined)).toEqual({
      status: 'failed',
      error: { code: 'permission_denied', message: 'Not that.' },
    });
  });
});
