import { stageOf, type VideoRecord, type VideoStage, type VideoStatus } from './video-record.js';

const VOCABULARIES: Readonly<Record<'synonyms' | 'shouting', Readonly<Record<VideoStatus, string>>>> = {
  synonyms: {
    queued: 'pending',
    in_progress: 'processing',
    completed: 'succeeded',
    failed: 'error',
    cancelled: 'canceled',
  },
  shouting: {
    queued: 'NOT_START',
    in_progress: 'IN PROGRESS',
    completed: 'SUCCESS',
    failed: 'FAILURE',
    cancelled: 'CANCELLED',
  },
};
const LIFE_MS = 3_600_000;

/** A video as the vendor tells it now, in the official words or in those of one of its many imitators. */
export function renderVideo(record: VideoRecord, nowMs: number): Record<string, unknown> {
  const { fault } = record;
  const stage = stageOf(record, nowMs);
  const vocabulary = fault.vocabulary ?? 'official';
  const video = {
    id: record.id,
    object: 'video',
    model: record.model,
    status: vocabulary === 'official' ? stage.status : VOCABULARIES[vocabulary][stage.status],
    progress: progressOf(record, stage),
    created_at: Math.floor(record.createdAtMs / 1000),
    completed_at: seconds(stage.completedAtMs),
    expires_at: stage.status === 'completed' ? seconds((stage.completedAtMs ?? 0) + LIFE_MS) : null,
    prompt: record.prompt,
    size: record.size,
    seconds: fault.numericSeconds ? Number(record.seconds) : record.seconds,
    remixed_from_video_id: record.operation === 'remix' ? (record.sourceId ?? null) : null,
    error: errorOf(record, stage),
  };
  if (!fault.lean) return video;
  return Object.fromEntries(Object.entries(video).filter(([name, value]) => value !== null && name !== 'prompt'));
}

function progressOf({ fault }: VideoRecord, { progress }: VideoStage): number | undefined {
  if (fault.noProgress) return undefined;
  return fault.fractionProgress ? Math.round(progress) / 100 : Math.floor(progress);
}

function errorOf({ fault }: VideoRecord, { status }: VideoStage): Record<string, string> | null {
  if (status !== 'failed') return null;
  if (fault.moderated)
    return { code: 'moderation_blocked', message: 'The video may show what our policies do not allow.' };
  return { code: 'generation_failed', message: 'The video could not be made.' };
}

function seconds(atMs: number | undefined): number | null {
  return atMs === undefined ? null : Math.floor(atMs / 1000);
}
