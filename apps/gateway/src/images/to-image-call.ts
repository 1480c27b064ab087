import type { ImageRequest } from '@sluice/contracts/image';
import type { TakenMedia } from '@sluice/domain-assets/media-intake';
import type { DecodedRequest, ImageOperation } from '@sluice/wire-openai-images/decode-request';
import type { DurableCall } from '../generations/durable-pipeline.service.js';

/** The call to be committed, and what tells it from another: there a picture is what it shows, not where it lies. */
export function toImageCall(parts: {
  operation: ImageOperation;
  decoded: DecodedRequest;
  model: string;
  pictures: readonly TakenMedia[];
  mask: TakenMedia | undefined;
}): { call: DurableCall; fingerprinted: object } {
  const { operation, decoded, model, pictures, mask } = parts;
  const request: ImageRequest = {
    ...decoded.request,
    model,
    ...(pictures.length > 0 && { pictures: pictures.map(({ media }) => media) }),
    ...(mask && { mask: mask.media }),
  };
  return {
    call: {
      dialect: 'openai-images',
      input: { kind: 'image', request },
      reservation: { unit: 'image', amount: request.count ?? 1 },
    },
    fingerprinted: {
      ...decoded.request,
      operation,
      model,
      // Links that are signed anew for every call lead to the same picture.
      pictures: pictures.map(({ sha256 }) => sha256),
      mask: mask?.sha256 ?? null,
    },
  };
}
