import type { DurableGeneration } from '@sluice/contracts/durable-generation';
import type { JsonObject } from '@sluice/contracts/json';
import { toVideoId } from './video-id.js';
import { shownSize } from './shown-size.js';
import { inWireWords } from './wire-words.js';

type Video = DurableGeneration<'video'>;

/** The API's own default: shown while neither the client nor the upstream has said how long. */
export const DEFAULT_SECONDS = 4;
/** The file has to lie with us before the end is told. */
const MOST_BEFORE_THE_END = 99;

/** The video object: all of its members, always. */
export function encodeVideo(video: Video): JsonObject {
  const { request } = video.input;
  const isCompleted = video.status === 'succeeded';
  return {
    id: toVideoId(video.id),
    object: 'video',
    model: video.model,
    status: STATUSES[video.status],
    progress: isCompleted ? 100 : Math.min(Math.max(Math.floor(video.progress), 0), MOST_BEFORE_THE_END),
    created_at: seconds(video.createdAtMs),
    completed_at: isCompleted && video.finishedAtMs !== undefined ? seconds(video.finishedAtMs) : null,
    expires_at: isCompleted && video.expiresAtMs !== undefined ? seconds(video.expiresAtMs) : null,
    prompt: request.prompt === '' ? null : request.prompt,
    seconds: String(shownSeconds(video)),
    size: shownSize(request, video.facts),
    remixed_from_video_id: request.source ? toVideoId(request.source.generationId) : null,
    error: encodeFailure(video),
  };
}

/** A page, told with its ends: without `last_id` clients stop in silence. */
export function encodeVideoList(videos: readonly Video[], page: { hasMore: boolean }): JsonObject {
  const data = videos.map(encodeVideo);
  return {
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
    has_more: page.hasMore,
  };
}

export function encodeDeleted(generationId: string): JsonObject {
  return { id: toVideoId(generationId), object: 'video.deleted', deleted: true };
}

/** What it really is, where the upstream has told; else what was asked. */
export function shownSeconds({ facts, input }: Video): number {
  const real = facts['durationSeconds'];
  if (typeof real === 'number') return real;
  return input.request.durationSeconds ?? DEFAULT_SECONDS;
}

/** Clients go on asking at any word but these four: there is no fifth. */
const STATUSES = {
  queued: 'queued',
  running: 'in_progress',
  succeeded: 'completed',
  failed: 'failed',
  cancelled: 'failed',
} as const satisfies Record<Video['status'], string>;

function encodeFailure({ status, state, error }: Video): JsonObject | null {
  if (status !== 'failed' && status !== 'cancelled') return null;
  if (state === 'cancelled') return { code: 'cancelled', message: error?.message ?? 'The video was cancelled.' };
  if (state === 'expired') return { code: 'expired', message: error?.message ?? 'The video took too long.' };
  const code = error?.code === 'content_refused' ? 'moderation_blocked' : (error?.upstreamCode ?? error?.code);
  const { message } = inWireWords({ message: error?.message ?? 'The video could not be made.' });
  return { code: code ?? 'generation_failed', message };
}

function seconds(atMs: number): number {
  return Math.floor(atMs / 1000);
}
