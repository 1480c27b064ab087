import { formBody, rootOf } from '@sluice/contracts/form-body';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import { UploadedFile } from '@sluice/contracts/uploaded-file';
import type { MediaClass } from '@sluice/domain-assets/media-class';
import type { MediaIntake } from '@sluice/domain-assets/media-intake';
import type { FastifyRequest } from 'fastify';
import { readMultipart } from './read-multipart.js';

/** A body in the one form that its dialect decodes, and the files that came in it. */
export interface MediaBody {
  body: unknown;
  uploads: readonly StoredMedia[];
}

export interface MediaBodyFields {
  /** Those that may be pictures. */
  pictures: ReadonlySet<string>;
  /** Those that may be films. */
  films?: ReadonlySet<string>;
  /** Those that are objects: a form may write them as JSON. */
  structured: ReadonlySet<string>;
}

/** JSON, or a form with or without files. */
export async function readMediaBody(
  request: FastifyRequest,
  { intake, pictures, films, structured }: MediaBodyFields & { intake: MediaIntake },
): Promise<MediaBody> {
  if (!request.isMultipart()) return { body: request.body, uploads: [] };
  const accept = (field: string): MediaClass | undefined => {
    if (films?.has(rootOf(field)) === true) return 'video';
    return pictures.has(rootOf(field)) ? 'image' : undefined;
  };
  const { fields, files } = await readMultipart(request, { intake, accept });
  const entries = files.map(({ name, media, sha256 }) => ({ name, value: new UploadedFile(media, sha256) }));
  return { body: formBody([...fields, ...entries], structured), uploads: files.map(({ media }) => media) };
}
