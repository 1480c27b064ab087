import type { DurableGeneration } from '@sluice/contracts/durable-generation';
import type { GenerationView } from '@sluice/contracts/generation-view';
import type { QueuePlace } from '@sluice/domain-generations/queue-places';

/** A durable generation as `/v1/generations` shows it. */
export function toDurableView(generation: DurableGeneration, place?: QueuePlace): GenerationView {
  const { error, files, startedAtMs, finishedAtMs, facts } = generation;
  const seconds = facts['durationSeconds'];
  return {
    id: generation.id,
    object: 'generation',
    kind: generation.kind,
    status: generation.status,
    model: generation.model,
    upstream: generation.upstream ?? null,
    upstream_model: generation.upstreamModel ?? null,
    attempts: generation.attempt,
    position: place?.position ?? null,
    eta_seconds: place?.etaSeconds ?? null,
    progress: generation.progress,
    created_at: toSeconds(generation.createdAtMs),
    started_at: startedAtMs === undefined ? null : toSeconds(startedAtMs),
    completed_at: finishedAtMs === undefined ? null : toSeconds(finishedAtMs),
    last_event: generation.lastSequence,
    usage: typeof seconds === 'number' && generation.status === 'succeeded' ? { seconds } : null,
    files: files.map(({ role, media, sha256 }) => ({ role, media_type: media.mediaType, bytes: media.bytes, sha256 })),
    error: error
      ? { code: error.code, message: error.message, ...(error.param !== undefined && { param: error.param }) }
      : null,
  };
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
