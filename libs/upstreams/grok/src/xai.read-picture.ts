import { GatewayError } from '@sluice/contracts/gateway-error';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';

const MOST_BYTES = 10 * 1024 * 1024;

/** A picture of ours as the upstream takes it: in the body, as a URL of its own data. */
export async function toDataUrl(
  media: StoredMedia,
  { param, context }: { param: string; context: Pick<UpstreamContext<unknown>, 'readMedia'> },
): Promise<string> {
  if (media.bytes > MOST_BYTES) {
    const message = `The upstream takes pictures of at most ${MOST_BYTES} bytes.`;
    throw new GatewayError('too_large', message, { saw: 'nothing', param });
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of context.readMedia(media)) pieces.push(piece);
  return `data:${media.mediaType};base64,${Buffer.concat(pieces).toString('base64')}`;
}
