import { GatewayError } from '@sluice/contracts/gateway-error';
import { type NamedMedia, readNamedMedia } from '@sluice/contracts/named-media';
import { present } from '@sluice/contracts/present';
import type { ReferenceNote, VideoReference } from '@sluice/contracts/video';
import { UploadedFile } from '@sluice/contracts/uploaded-file';
import type { NotedPicture, Picture, VideoBody } from './schema.js';

/** A picture that the client names, still to be fetched or found, and what it is to be in the video. */
export interface PictureWish {
  /** As the client wrote it: `images[1]`. */
  field: string;
  role: VideoReference['role'];
  from: NamedMedia;
  note?: ReferenceNote;
}

const MOST_PICTURES = 10;
const MOST_REFERENCES = 5;

/** Fields of one picture each, and of lists; a list of one is the picture that the video begins with. */
const FIRST = ['input_reference', 'image', 'image_url', 'first_frame'] as const;
const LISTS = ['images', 'image_urls', 'reference_images'] as const;

/** Where a form may carry a picture as a file. */
export const PICTURE_FIELDS: ReadonlySet<string> = new Set([...FIRST, ...LISTS, 'references', 'last_frame']);

export function decodePictures(body: VideoBody): PictureWish[] {
  const first = FIRST.flatMap((field) => wishes(field, body[field], 'first-frame'));
  const last = wishes('last_frame', body.last_frame, 'last-frame');
  const images = [...wishes('images', body.images, 'reference'), ...wishes('image_urls', body.image_urls, 'reference')];
  const references = [...wishes('reference_images', body.reference_images, 'reference'), ...noted(body.references)];
  const [only] = images;
  if (first.length === 0 && references.length === 0 && images.length === 1 && only) only.role = 'first-frame';
  const [, second] = first.filter(({ role }) => role === 'first-frame');
  if (second) throw refusal(second.field, 'the video can begin with one picture only');
  const all = [...first, ...images, ...references, ...last];
  const tooMany = all[MOST_PICTURES];
  if (tooMany) throw refusal(tooMany.field, `at most ${MOST_PICTURES} pictures are taken`);
  return all;
}

/** Pictures of which the client may say what they show; it has to do so with none. */
function noted(references: VideoBody['references']): PictureWish[] {
  if (references == null) return [];
  const all = (Array.isArray(references) ? references : [references]).map((value, index) => {
    const field = Array.isArray(references) ? `references[${index}]` : 'references';
    const note = noteOf(value);
    return { field, role: 'reference' as const, from: readNamedMedia(value, field), ...(note && { note }) };
  });
  const tooMany = all[MOST_REFERENCES];
  if (tooMany) throw refusal(tooMany.field, `at most ${MOST_REFERENCES} references are taken`);
  return all;
}

function noteOf(value: NotedPicture): ReferenceNote | undefined {
  if (typeof value === 'string' || value instanceof UploadedFile) return undefined;
  const { name, type, description } = value;
  const note = present({ name, type, description });
  return Object.keys(note).length > 0 ? note : undefined;
}

/** Of several in a field for one, the others are there to be looked at. */
function wishes(
  field: string,
  value: Picture | Picture[] | null | undefined,
  role: PictureWish['role'],
): PictureWish[] {
  if (value == null) return [];
  if (!Array.isArray(value)) return [{ field, role, from: readNamedMedia(value, field) }];
  return value.map((each, index) => {
    const name = `${field}[${index}]`;
    return { field: name, role: value.length > 1 ? 'reference' : role, from: readNamedMedia(each, name) };
  });
}

function refusal(param: string, why: string): GatewayError {
  const text = `Invalid value for '${param}': ${why}.`;
  return new GatewayError('invalid_request', text, { param, reason: 'invalid_value' });
}
