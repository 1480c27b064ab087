import { type DurableGeneration, isVideo } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Target } from '@sluice/contracts/route';
import { present } from '@sluice/contracts/present';
import type { VideoRequest, VideoSource } from '@sluice/contracts/video';
import type { SourceWish } from '@sluice/wire-openai-videos/decode-source';

export interface FoundSource {
  source: VideoSource;
  /** The client's name for the source's model, under which the new video runs as well. */
  model: string;
  /** Only the account that made a video can go on from it. */
  pinned: { credentialId: string; target: Target };
  /** How long it is, and how it lies: a remix is as its source, and some upstreams have to be told. */
  shape: Pick<VideoRequest, 'durationSeconds' | 'aspectRatio'>;
}

/** The finished video that a call starts from; `generation` is what the caller owns under the id, if anything. */
export function findSource(
  { field, relation, generationId }: SourceWish,
  generation: DurableGeneration | undefined,
): FoundSource {
  if (!generation || !isVideo(generation)) throw missing(field);
  const { operation, credentialId, upstream, upstreamModel, files } = generation;
  if (generation.status !== 'succeeded') throw notReady(generation, field);
  if (!operation || !credentialId || !upstream || !upstreamModel) throw missing(field);
  const media = files.find(({ role }) => role === 'result')?.media;
  return {
    source: { relation, generationId, operation, ...(media && { media }) },
    model: generation.model,
    pinned: { credentialId, target: { upstream, model: upstreamModel } },
    shape: shapeOf(generation),
  };
}

function shapeOf({ facts, input: { request } }: DurableGeneration<'video'>): FoundSource['shape'] {
  const real = facts['durationSeconds'];
  const durationSeconds = typeof real === 'number' && Number.isInteger(real) ? real : request.durationSeconds;
  const { size, aspectRatio = size && ratioOf(size) } = request;
  return present({ durationSeconds, aspectRatio });
}

function ratioOf({ width, height }: NonNullable<VideoRequest['size']>): string {
  if (width === height) return '1:1';
  return width > height ? '16:9' : '9:16';
}

function missing(param: string): GatewayError {
  return new GatewayError('not_found', `Invalid '${param}': there is no such video.`, { param });
}

function notReady({ status }: DurableGeneration, param: string): GatewayError {
  if (status === 'queued' || status === 'running')
    return new GatewayError('not_ready', `Invalid '${param}': that video is not finished.`, { param });
  return new GatewayError('invalid_request', `Invalid '${param}': that video failed.`, { param });
}
