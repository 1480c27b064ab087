import { GatewayError } from '@sluice/contracts/gateway-error';
import type { VideoReference, VideoRequest } from '@sluice/contracts/video';
import type { TakenMedia } from '@sluice/domain-assets/media-intake';
import type { DecodedRequest } from '@sluice/wire-openai-videos/decode-request';
import { DEFAULT_SECONDS } from '@sluice/wire-openai-videos/encode-response';
import type { DurableCall } from '../generations/durable-pipeline.service.js';
import type { FoundCharacters } from './find-characters.js';
import type { FoundSource } from './find-source.js';

/** The API's own default. */
export const DEFAULT_MODEL = 'sora-2';

/** The call to be committed, and what tells it from another: there a picture is what it shows, not where it lies. */
export function toVideoCall(parts: {
  decoded: DecodedRequest;
  source: FoundSource | undefined;
  appearing?: FoundCharacters | undefined;
  /** Of those that were wished for, in their order. */
  pictures: readonly TakenMedia[];
}): { call: DurableCall; fingerprinted: object } {
  const { decoded, source, appearing, pictures } = parts;
  const references: VideoReference[] = [];
  const digests: string[] = [];
  for (const [index, { role, note }] of decoded.pictures.entries()) {
    const taken = pictures[index];
    if (!taken) continue;
    references.push({ role, media: taken.media, ...(note && { note }) });
    // Links that are signed anew for every call lead to the same picture.
    digests.push([role, taken.sha256, ...(note ? [JSON.stringify(note)] : [])].join(' '));
  }
  const request: VideoRequest = {
    ...(source?.source.relation === 'remix' && source.shape),
    ...decoded.request,
    model: modelOf(decoded, source),
    ...(references.length > 0 && { references }),
    ...(source && { source: source.source }),
    ...(appearing && { characters: appearing.characters }),
  };
  return {
    call: {
      dialect: 'openai-videos',
      input: { kind: 'video', request },
      reservation: { unit: 'second', amount: request.durationSeconds ?? DEFAULT_SECONDS },
      ...((source ?? appearing) && { pinned: (source ?? appearing)?.pinned }),
    },
    fingerprinted: {
      ...decoded.request,
      model: request.model,
      digests,
      source: decoded.source ?? null,
      ...(appearing && { characters: decoded.characters }),
    },
  };
}

/** What goes on from a video runs on that video's model, at its account: another would be another video. */
function modelOf({ request }: DecodedRequest, source: FoundSource | undefined): string {
  const { model } = request;
  if (!source) return model ?? DEFAULT_MODEL;
  if (model === undefined || model === source.model) return source.model;
  const text = `Invalid 'model': this starts from a video of '${source.model}' and runs on that model.`;
  throw new GatewayError('invalid_request', text, { param: 'model', reason: 'invalid_value' });
}
