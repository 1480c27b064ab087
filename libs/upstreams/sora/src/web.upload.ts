import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { randomUUID } from 'node:crypto';
import type { WebCredential } from './sora.credential.js';
import { encodeForm } from './sora.multipart.js';
import { asUnpaid, unsupported } from './web.error.js';
import { callWebJson } from './web.request.js';

const TAKEN: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp']);

/** Brings a picture into the account; answers its id there. Nothing is paid yet. */
export async function uploadPicture(media: StoredMedia, context: UpstreamContext<WebCredential>): Promise<string> {
  const mediaType = media.mediaType.split(';')[0]?.trim() ?? '';
  if (!TAKEN.has(mediaType)) throw unsupported('input_reference', 'The website takes pictures as PNG, JPEG and WebP.');
  const filename = media.filename ?? `picture.${mediaType.split('/')[1]?.replace('jpeg', 'jpg') ?? 'png'}`;
  const form = encodeForm({
    fields: { file_name: filename },
    files: [{ name: 'file', media: { ...media, mediaType, filename } }],
    boundary: `sluice-${context.generationId}-${randomUUID()}`,
    readMedia: (each) => context.readMedia(each),
  });
  const answer = await callWebJson({ path: '/uploads', form }, context).catch((thrown: unknown) => {
    throw asUnpaid(thrown);
  });
  const id = isJsonObject(answer) ? answer['id'] : undefined;
  if (typeof id === 'string' && id !== '') return id;
  throw new GatewayError('upstream_bad_answer', 'The upstream took a picture without an id.', { saw: 'refused' });
}
