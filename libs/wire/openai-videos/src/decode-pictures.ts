import { GatewayError } from '@sluice/contracts/gateway-error';
import type { VideoReference } from '@sluice/contracts/video';
import type { Picture, VideoBody } from './schema.js';
import { UploadedFile } from './uploaded-file.js';

/** A picture that the client names, still to be fetched or found, and what it is to be in the video. */
export interface PictureWish {
  /** As the client wrote it: `images[1]`. */
  field: string;
  role: VideoReference['role'];
  from: { type: 'upload'; file: UploadedFile } | { type: 'url'; url: string } | { type: 'file'; fileId: string };
}

const MOST_PICTURES = 10;

/** Fields of one picture each, and of lists; a list of one is the picture that the video begins with. */
const FIRST = ['input_reference', 'image', 'image_url', 'first_frame'] as const;
const LISTS = ['images', 'image_urls', 'reference_images'] as const;

/** Where a form may carry a picture as a file. */
export const PICTURE_FIELDS: ReadonlySet<string> = new Set([...FIRST, ...LISTS, 'last_frame']);

export function decodePictures(body: VideoBody): PictureWish[] {
  const first = FIRST.flatMap((field) => wishes(field, body[field], 'first-frame'));
  const last = wishes('last_frame', body.last_frame, 'last-frame');
  const images = [...wishes('images', body.images, 'reference'), ...wishes('image_urls', body.image_urls, 'reference')];
  const references = wishes('reference_images', body.reference_images, 'reference');
  const [only] = images;
  if (first.length === 0 && references.length === 0 && images.length === 1 && only) only.role = 'first-frame';
  const [, second] = first.filter(({ role }) => role === 'first-frame');
  if (second) throw refusal(second.field, 'the video can begin with one picture only');
  const all = [...first, ...images, ...references, ...last];
  const tooMany = all[MOST_PICTURES];
  if (tooMany) throw refusal(tooMany.field, `at most ${MOST_PICTURES} pictures are taken`);
  return all;
}

/** Of several in a field for one, the others are there to be looked at. */
function wishes(
  field: string,
  value: Picture | Picture[] | null | undefined,
  role: PictureWish['role'],
): PictureWish[] {
  if (value == null) return [];
  if (!Array.isArray(value)) return [{ field, role, from: decodePicture(value, field) }];
  return value.map((each, index) => {
    const name = `${field}[${index}]`;
    return { field: name, role: value.length > 1 ? 'reference' : role, from: decodePicture(each, name) };
  });
}

function decodePicture(value: Picture, field: string): PictureWish['from'] {
  if (value instanceof UploadedFile) return { type: 'upload', file: value };
  if (typeof value === 'string') return decodeText(value, field);
  const url = typeof value.image_url === 'string' ? value.image_url : value.image_url?.url;
  const said = [url, value.url, value.file_id].filter((each) => each != null);
  if (said.length !== 1) throw refusal(field, "exactly one of 'image_url' and 'file_id' is needed");
  if (value.file_id != null) return { type: 'file', fileId: value.file_id };
  return decodeText(said[0] ?? '', url === undefined ? `${field}.url` : `${field}.image_url`);
}

const FILE_ID = /^file[-_][\w-]{1,100}$/;
/** Shorter text is a mistyped URL rather than a picture without its `data:`. */
const SHORTEST_BASE64 = 256;

function decodeText(text: string, field: string): PictureWish['from'] {
  if (/^(?:https?:\/\/.|data:)/i.test(text.slice(0, 16))) return { type: 'url', url: text };
  if (FILE_ID.test(text)) return { type: 'file', fileId: text };
  if (text.length >= SHORTEST_BASE64 && /^[A-Za-z0-9+/]+={0,2}$/.test(text))
    return { type: 'url', url: `data:;base64,${text}` };
  throw refusal(field, 'expected a file, an http or https URL, a base64 data URL or the id of a file');
}

function refusal(param: string, why: string): GatewayError {
  const text = `Invalid value for '${param}': ${why}.`;
  return new GatewayError('invalid_request', text, { param, reason: 'invalid_value' });
}
