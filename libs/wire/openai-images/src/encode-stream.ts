import type { DurablePart } from '@sluice/contracts/durable-part';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { ImageRequest } from '@sluice/contracts/image';
import type { ImageOperation } from './decode-request.js';
import { encodeError } from './encode-error.js';
import { encodeLook } from './encode-look.js';
import { createdOf, encodePicture, type Image, missingOf, type PictureTelling, picturesOf } from './encode-response.js';
import { encodeUsage, NO_USAGE } from './encode-usage.js';
import { readFacts } from './image-facts.js';
import { type FillableObject, jsonPieces, type Piece } from './json-pieces.js';

export interface StreamFrame {
  /** What the path says: it names the events. */
  operation: ImageOperation;
  request: ImageRequest;
  telling: PictureTelling;
}

type Partial = Extract<DurablePart, { type: 'partial' }>;

const PREFIXES = { generation: 'image_generation', edit: 'image_edit' } as const;

/** A preview, as one event. */
export function encodePartial({ index, number, media }: Partial, frame: StreamFrame & { nowSeconds: number }): Piece[] {
  const { operation, request, telling, nowSeconds } = frame;
  return event(`${PREFIXES[operation]}.partial_image`, {
    ...encodePicture(media, telling),
    partial_image_index: number,
    created_at: nowSeconds,
    ...encodeLook(request, {}, media.mediaType),
    ...place(index, request),
  });
}

/** One event a picture; what is said of all, usage and how many are missing, stands in the last: it counts once. */
export function encodeCompleted(image: Image, { operation, request, telling }: StreamFrame): Piece[] {
  const facts = readFacts(image.facts);
  const files = picturesOf(image);
  const missing = missingOf(image);
  return files.flatMap(({ media }, index) =>
    event(`${PREFIXES[operation]}.completed`, {
      ...encodePicture(media, telling),
      created_at: createdOf(image, facts),
      ...encodeLook(request, facts, media.mediaType),
      usage: index === files.length - 1 && facts.usage ? encodeUsage(facts.usage) : NO_USAGE,
      revised_prompt: facts.revisedPrompts?.[index] ?? undefined,
      ...place(index, request),
      ...(index === files.length - 1 && missing > 0 && { missing_images: missing }),
    }),
  );
}

/** A failure after the first byte. */
export function encodeFailure(error: ErrorData, requestId: string): string {
  const { body } = encodeError(error, { requestId });
  return `event: error\ndata: ${JSON.stringify({ type: 'error', ...body })}\n\n`;
}

/** Which of several pictures; of one there is nothing to say. */
function place(index: number, { count = 1 }: ImageRequest): { index?: number } {
  return count > 1 ? { index } : {};
}

function event(type: string, members: FillableObject): Piece[] {
  return [`event: ${type}\ndata: `, ...jsonPieces({ type, ...members }), '\n\n'];
}
