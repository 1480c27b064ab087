import { type DurableGeneration, isImage } from '@sluice/contracts/durable-generation';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { GenerationView } from '@sluice/contracts/generation-view';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { QueuePlace } from '@sluice/domain-generations/queue-places';

/** Where whoever is told may fetch a file. */
export type LinkTo = (media: StoredMedia, untilMs: number | undefined) => string;

/** A durable generation as `/v1/generations` shows it; pictures have no other place where they can be asked for. */
export function toDurableView(generation: DurableGeneration, place?: QueuePlace, link?: LinkTo): GenerationView {
  const { error, files, startedAtMs, finishedAtMs, expiresAtMs } = generation;
  const linked = isImage(generation) ? link : undefined;
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
    usage: generation.status === 'succeeded' ? usageOf(generation) : null,
    files: files.map(({ role, media, sha256 }) => ({
      role,
      media_type: media.mediaType,
      bytes: media.bytes,
      sha256,
      ...(linked && { url: linked(media, expiresAtMs) }),
    })),
    error: error
      ? { code: error.code, message: error.message, ...(error.param !== undefined && { param: error.param }) }
      : null,
  };
}

/** A film's length, or a conversation's tokens as its upstream counted them. */
function usageOf({ facts }: DurableGeneration): GenerationView['usage'] {
  const { durationSeconds: seconds, usage } = facts;
  if (typeof seconds === 'number') return { seconds };
  if (!isJsonObject(usage)) return null;
  return Object.fromEntries(
    Object.entries(usage).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
