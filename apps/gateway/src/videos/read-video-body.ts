import type { MediaClass } from '@sluice/domain-assets/media-class';
import type { MediaIntake } from '@sluice/domain-assets/media-intake';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import { PICTURE_FIELDS } from '@sluice/wire-openai-videos/decode-pictures';
import { formBody, rootOf } from '@sluice/wire-openai-videos/form-body';
import { UploadedFile } from '@sluice/wire-openai-videos/uploaded-file';
import type { FastifyRequest } from 'fastify';
import { readMultipart } from '../media/read-multipart.js';

/** A body in the one form that the dialect decodes, and the files that came in it. */
export interface VideoBody {
  body: unknown;
  uploads: readonly StoredMedia[];
}

/** JSON, or a form with or without files. */
export async function readVideoBody(request: FastifyRequest, intake: MediaIntake): Promise<VideoBody> {
  if (!request.isMultipart()) return { body: request.body, uploads: [] };
  const { fields, files } = await readMultipart(request, { intake, accept: acceptedIn });
  const entries = files.map(({ name, media, sha256 }) => ({ name, value: new UploadedFile(media, sha256) }));
  return { body: formBody([...fields, ...entries]), uploads: files.map(({ media }) => media) };
}

function acceptedIn(field: string): MediaClass | undefined {
  return PICTURE_FIELDS.has(rootOf(field)) ? 'image' : undefined;
}
