import type { DurableGeneration } from '@sluice/contracts/durable-generation';
import type { GenerationStatus } from '@sluice/contracts/generation';
import type { JsonObject } from '@sluice/contracts/json';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { StudioUser } from '@sluice/domain-studio/studio-user';

type Video = DurableGeneration<'video'>;

/** Which of our statuses each word of the studio means. */
export const STATUSES_OF = {
  pending: ['queued'],
  processing: ['running'],
  completed: ['succeeded'],
  failed: ['failed', 'cancelled'],
} as const satisfies Record<StudioStatus, readonly GenerationStatus[]>;

export type StudioStatus = 'pending' | 'processing' | 'completed' | 'failed';

const STATUS_OF = {
  queued: 'pending',
  running: 'processing',
  succeeded: 'completed',
  failed: 'failed',
  cancelled: 'failed',
} as const satisfies Record<GenerationStatus, StudioStatus>;

/** Until the file lies with us. */
const MOST_BEFORE_THE_END = 99;
const GENERATION = /^gen_/;
const ID = /^(?:job|video|gen)_([0-9a-f]{32})$/;

/** A job and its video are one generation, which goes by two names. Undefined for what is neither. */
export function fromStudioId(id: string): string | undefined {
  const digits = ID.exec(id)?.[1];
  return digits === undefined ? undefined : `gen_${digits}`;
}

export function toJobId(generationId: string): string {
  return generationId.replace(GENERATION, 'job_');
}

export function toStudioVideoId(generationId: string): string {
  return generationId.replace(GENERATION, 'video_');
}

export function encodeUser({ id, email, username, createdAt, updatedAt }: StudioUser): JsonObject {
  return {
    id,
    email,
    username,
    avatarUrl: null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** How far it is. */
export function encodeProgress(video: Video): { progress: number; status: StudioStatus } {
  const status = STATUS_OF[video.status];
  const progress = status === 'completed' ? 100 : Math.min(Math.floor(video.progress), MOST_BEFORE_THE_END);
  return { progress, status };
}

export function encodeJob(video: Video, userId: string): JsonObject {
  const { createdAtMs, startedAtMs, finishedAtMs, operation } = video;
  const { progress, status } = encodeProgress(video);
  const externalId = operation?.['id'];
  return {
    id: toJobId(video.id),
    userId,
    prompt: video.input.request.prompt,
    orientation: orientationOf(video),
    status,
    progress,
    errorMessage: status === 'failed' ? errorMessageOf(video) : null,
    externalJobId: typeof externalId === 'string' ? externalId : null,
    videoId: status === 'completed' ? toStudioVideoId(video.id) : null,
    /** Submissions that came to nothing, at no cost, before the one that counts. */
    retryCount: Math.max(0, video.attempt - 1),
    createdAt: time(createdAtMs),
    updatedAt: time(finishedAtMs ?? startedAtMs ?? createdAtMs),
    completedAt: finishedAtMs === undefined ? null : time(finishedAtMs),
  };
}

/** `link` makes an address of a file: ours, and made anew each time, since it is good for a while only. */
export function encodeStudioVideo(
  video: Video,
  { userId, link }: { userId: string; link(media: StoredMedia): string },
): JsonObject {
  const { request } = video.input;
  const { createdAtMs, finishedAtMs, facts } = video;
  const urlOf = (role: string) => {
    const file = video.files.find((each) => each.role === role);
    return file ? link(file.media) : null;
  };
  const seconds = facts['durationSeconds'];
  const { status } = encodeProgress(video);
  return {
    id: toStudioVideoId(video.id),
    jobId: toJobId(video.id),
    userId,
    prompt: request.prompt,
    orientation: orientationOf(video),
    modelUsed: video.model,
    videoUrl: urlOf('result'),
    thumbnailUrl: urlOf('thumbnail'),
    duration: typeof seconds === 'number' ? seconds : (request.durationSeconds ?? null),
    status,
    errorMessage: status === 'failed' ? errorMessageOf(video) : null,
    metadata: null,
    expiresAt: video.expiresAtMs === undefined ? null : time(video.expiresAtMs),
    createdAt: time(createdAtMs),
    updatedAt: time(finishedAtMs ?? createdAtMs),
  };
}

export function errorMessageOf({ error, status }: Video): string {
  return error?.message ?? (status === 'cancelled' ? 'The video was cancelled.' : 'The video could not be made.');
}

function orientationOf({ input }: Video): 'portrait' | 'landscape' {
  return input.request.aspectRatio === '16:9' ? 'landscape' : 'portrait';
}

function time(atMs: number): string {
  return new Date(atMs).toISOString();
}
