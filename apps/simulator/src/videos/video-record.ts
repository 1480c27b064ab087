import type { VideoFault } from './video-fields.js';

export type VideoOperation = 'create' | 'remix' | 'edit' | 'extension';

/** A picture or film that came with a submission. */
export interface ReceivedReference {
  readonly field: string;
  readonly mediaType: string | undefined;
  readonly bytes: number;
  /** A link or an id, where no bytes came. */
  readonly link: string | undefined;
}

/** A video that was taken on. What becomes of it follows from the clock alone. */
export interface VideoRecord {
  readonly id: string;
  /** Whose account it is in. */
  readonly key: string;
  readonly operation: VideoOperation;
  readonly sourceId: string | undefined;
  readonly model: string;
  /** As received, markers and all. */
  readonly prompt: string;
  readonly seconds: string;
  readonly size: string;
  readonly references: readonly ReceivedReference[];
  readonly idempotencyKey: string | undefined;
  readonly createdAtMs: number;
  readonly fault: VideoFault;
  cancelledAtMs: number | undefined;
  polls: number;
  contentCalls: number;
}

export type VideoStatus = 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled';

export interface VideoStage {
  readonly status: VideoStatus;
  /** 0–100, with fractions. */
  readonly progress: number;
  readonly completedAtMs: number | undefined;
}

const DEFAULT_QUEUE_MS = 200;
const DEFAULT_VIDEO_MS = 1_500;

/** Where a video stands at a moment. */
export function stageOf(record: VideoRecord, nowMs: number): VideoStage {
  const { fault, createdAtMs, cancelledAtMs } = record;
  if (cancelledAtMs !== undefined) return { status: 'cancelled', progress: 0, completedAtMs: undefined };
  const videoMs = fault.videoMs ?? DEFAULT_VIDEO_MS;
  const queueMs = Math.min(fault.queueMs ?? DEFAULT_QUEUE_MS, videoMs);
  const ageMs = nowMs - createdAtMs;
  if (ageMs < queueMs) return { status: 'queued', progress: 0, completedAtMs: undefined };
  const progress = videoMs === queueMs ? 100 : (100 * (ageMs - queueMs)) / (videoMs - queueMs);
  if (fault.stuckAt !== undefined)
    return { status: 'in_progress', progress: Math.min(progress, fault.stuckAt), completedAtMs: undefined };
  if (ageMs < videoMs) return { status: 'in_progress', progress, completedAtMs: undefined };
  const isBad = fault.videoFails === true || fault.moderated === true;
  return {
    status: isBad ? 'failed' : 'completed',
    progress: isBad ? Math.min(progress, 99) : 100,
    completedAtMs: createdAtMs + videoMs,
  };
}
