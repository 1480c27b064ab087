import { GatewayError } from '@sluice/contracts/gateway-error';
import type { VideoRequest } from '@sluice/contracts/video';
import type { TakenMedia } from '@sluice/domain-assets/media-intake';
import type { DecodedVideoRequest } from '@sluice/wire-gemini-generate/decode-video-request';
import type { DurableCall } from '../generations/durable-pipeline.service.js';
import type { FoundSource } from '../videos/find-source.js';

/** What Veo makes where nobody says how long. */
const DEFAULT_SECONDS = 8;

/** The call to be committed, and what tells it from another: there a picture is what it shows, not where it lies. */
export function toVideoCall(parts: {
  decoded: DecodedVideoRequest;
  source: FoundSource | undefined;
  /** Of those that were named, in their order. */
  pictures: readonly TakenMedia[];
}): { call: DurableCall; fingerprinted: object } {
  const { decoded, source, pictures } = parts;
  const { model, durationSeconds = DEFAULT_SECONDS } = decoded.request;
  if (source && source.model !== model) throw otherModel(source.model);
  const taken = pictures.flatMap(({ media, sha256 }, index) => {
    const role = decoded.pictures[index]?.role;
    return role === undefined ? [] : [{ role, media, digest: `${role} ${sha256}` }];
  });
  const references = taken.map(({ role, media }) => ({ role, media }));
  const request: VideoRequest = {
    ...decoded.request,
    ...(references.length > 0 && { references }),
    ...(source && { source: source.source }),
  };
  return {
    call: {
      dialect: 'gemini-generate',
      input: { kind: 'video', request },
      reservation: { unit: 'second', amount: durationSeconds },
      ...(source && { pinned: source.pinned }),
    },
    fingerprinted: {
      ...decoded.request,
      digests: taken.map(({ digest }) => digest),
      source: decoded.source?.generationId ?? null,
    },
  };
}

/** What goes on from a video runs on that video's model, at its account. */
function otherModel(model: string): GatewayError {
  const text = `Invalid model: this starts from a video of '${model}' and runs on that model.`;
  return new GatewayError('invalid_request', text, { param: 'model', reason: 'invalid_value' });
}
