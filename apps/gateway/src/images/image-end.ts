import { isFinal } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import { type Image, picturesOf } from '@sluice/wire-openai-images/encode-response';

/** No file is dropped sooner. */
const SURELY_KEPT_MS = 60 * 60_000;

/** The pictures of a generation as it now is. Throws why there are none. */
export async function requirePictures(
  image: Image,
  { store, nowMs }: { store: Pick<MediaStore, 'head'>; nowMs: number },
): Promise<Image> {
  const { status, state, error } = image;
  if (!isFinal(state)) throw unfinished(image.id, 'is still being made');
  if (status === 'cancelled') throw new GatewayError('cancelled', error?.message ?? 'The pictures were cancelled.');
  if (status === 'failed') throw GatewayError.fromData(error ?? NO_PICTURE);
  const files = picturesOf(image);
  if (files.length === 0 && nowMs - (image.finishedAtMs ?? nowMs) < SURELY_KEPT_MS)
    throw GatewayError.fromData(NO_PICTURE);
  const kept = await Promise.all(files.map(({ media }) => store.head(media.key)));
  if (files.length === 0 || kept.includes(undefined))
    throw new GatewayError('not_found', 'These pictures are not kept any more.', { reason: 'expired' });
  return image;
}

/** Nothing ended: the work goes on, and can be asked for. */
export function unfinished(id: string, why: string): GatewayError {
  const text = `The generation ${id} ${why}. It goes on: ask for it at /v1/generations/${id}.`;
  return new GatewayError('deadline_exceeded', text);
}

const NO_PICTURE = { code: 'upstream_bad_answer', message: 'The upstream made no picture.' } as const;
