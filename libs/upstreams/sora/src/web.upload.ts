import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { randomUUID } from 'node:crypto';
import type { WebCredential } from './sora.credential.js';
import { encodeForm } from './sora.multipart.js';
import { asUnpaid, unsupported } from './web.error.js';
import { callWebJson } from './web.request.js';

type Context = UpstreamContext<WebCredential>;

const TAKEN: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp']);

/** Brings a picture into the account; answers its id there. Nothing is paid yet. */
export async function uploadPicture(media: StoredMedia, context: Context): Promise<string> {
  const { file, filename } = toFile(media, 'input_reference');
  const answer = await send({ path: '/uploads', fields: { file_name: filename }, file }, context);
  return named(answer, 'id');
}

/** Brings a picture to where references are made of it; answers how it is pointed at. */
export async function uploadAsset(media: StoredMedia, context: Context): Promise<string> {
  const { file } = toFile(media, 'references');
  const answer = await send({ path: '/project_y/file/upload', fields: { use_case: 'inpaint_safe' }, file }, context);
  return named(answer, 'asset_pointer');
}

function toFile(media: StoredMedia, param: string): { file: StoredMedia; filename: string } {
  const mediaType = media.mediaType.split(';')[0]?.trim() ?? '';
  if (!TAKEN.has(mediaType)) throw unsupported(param, 'The website takes pictures as PNG, JPEG and WebP.');
  const filename = media.filename ?? `picture.${mediaType.split('/')[1]?.replace('jpeg', 'jpg') ?? 'png'}`;
  return { file: { ...media, mediaType, filename }, filename };
}

async function send(
  { path, fields, file }: { path: string; fields: Record<string, string>; file: StoredMedia },
  context: Context,
): Promise<Json> {
  const form = encodeForm({
    fields,
    files: [{ name: 'file', media: file }],
    boundary: `sluice-${context.generationId}-${randomUUID()}`,
    readMedia: (each) => context.readMedia(each),
  });
  return callWebJson({ path, form }, context).catch((thrown: unknown) => {
    throw asUnpaid(thrown);
  });
}

function named(answer: Json, member: string): string {
  const id = isJsonObject(answer) ? answer[member] : undefined;
  if (typeof id === 'string' && id !== '') return id;
  throw new GatewayError('upstream_bad_answer', 'The upstream took a picture without an id.', { saw: 'refused' });
}
