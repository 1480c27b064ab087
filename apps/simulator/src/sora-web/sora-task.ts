import type { VideoFault } from '../videos/video-fields.js';

export type TaskOperation = 'create' | 'storyboard' | 'remix' | 'extension' | 'image';

/** Work that was taken on. What becomes of it follows from the clock alone. */
export interface SoraTask {
  readonly id: string;
  /** The draft, or the picture, that it becomes. */
  readonly generationId: string;
  readonly account: string;
  readonly operation: TaskOperation;
  /** As received, markers and all. */
  readonly prompt: string;
  readonly model: string;
  readonly orientation: string;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly createdAtMs: number;
  readonly fault: VideoFault;
  /** What it starts from: pictures, a draft, a post; and what else was wished. */
  readonly request: Readonly<Record<string, unknown>>;
  postId: string | undefined;
  isDeleted: boolean;
  contentCalls: number;
  pollCalls: number;
}

export interface TaskStage {
  readonly status: 'preprocessing' | 'queued' | 'running' | 'processing' | 'lagging' | 'done';
  /** 0–1; null where nothing is told yet. */
  readonly progress: number | null;
}

const QUEUE_MS = 150;
const VIDEO_MS = 1_200;
const LAG_MS = 100;

export function stageOf({ fault, createdAtMs }: SoraTask, nowMs: number): TaskStage {
  const videoMs = fault.videoMs ?? VIDEO_MS;
  const queueMs = Math.min(fault.queueMs ?? QUEUE_MS, videoMs);
  const ageMs = nowMs - createdAtMs;
  if (ageMs < queueMs / 2) return { status: 'preprocessing', progress: null };
  if (ageMs < queueMs) return { status: 'queued', progress: null };
  const progress = videoMs === queueMs ? 1 : Math.min(1, (ageMs - queueMs) / (videoMs - queueMs));
  if (fault.stuckAt !== undefined) return { status: 'running', progress: Math.min(progress, fault.stuckAt / 100) };
  if (ageMs < videoMs) return { status: progress > 0.95 ? 'processing' : 'running', progress };
  return ageMs < videoMs + (fault.lagMs ?? LAG_MS)
    ? { status: 'lagging', progress: 1 }
    : { status: 'done', progress: 1 };
}

/** It takes one of the account's places. */
export function isUnderWay(task: SoraTask, nowMs: number): boolean {
  return !['lagging', 'done'].includes(stageOf(task, nowMs).status);
}
