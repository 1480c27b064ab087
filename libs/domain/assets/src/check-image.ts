import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import { IMAGE_HEAD_BYTES, readImageSize } from '@sluice/platform-media/read-image-size';
import { IMAGE_LIMITS } from './media-class.js';

/** Refuses an image whose size cannot be told, or is that of a bomb. Reads its headers only. */
export async function checkImage(store: MediaStore, media: StoredMedia, field: string): Promise<void> {
  const size = readImageSize(media.mediaType, await readHead(store, media.key));
  if (!size || size.width === 0 || size.height === 0) throw refusal(field, 'the image is damaged');
  const { width, height } = size;
  const { longestSide, pixels } = IMAGE_LIMITS;
  if (width > longestSide || height > longestSide || width * height > pixels)
    throw refusal(
      field,
      `the image is ${width}x${height}; at most ${longestSide} a side and ${pixels} pixels are taken`,
    );
}

async function readHead(store: MediaStore, key: string): Promise<Uint8Array> {
  const found = await store.get(key, { start: 0, end: IMAGE_HEAD_BYTES - 1 });
  const chunks: Uint8Array[] = [];
  if (found) for await (const chunk of found.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function refusal(field: string, why: string): GatewayError {
  return new GatewayError('invalid_request', `Invalid image for '${field}': ${why}.`, {
    param: field,
    reason: 'invalid_image',
  });
}
