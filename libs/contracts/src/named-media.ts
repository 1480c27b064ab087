import { z } from 'zod';
import { GatewayError } from './gateway-error.js';
import { UploadedFile } from './uploaded-file.js';

/** A file in a body that may come as a form. */
export const uploadSchema = z.custom<UploadedFile>((value) => value instanceof UploadedFile, {
  params: { expected: 'a file' },
});
const urlSchema = z.union([z.string(), z.object({ url: z.string() })]);

/** One of the ways to name a picture, in an object that says which. */
export const mediaObjectSchema = z.object({
  image_url: urlSchema.nullish(),
  url: z.string().nullish(),
  file_id: z.string().nullish(),
});

/** A picture as clients name it: an upload, a URL, a data URL, a stored file, or one of these in an object. */
export const namedMediaSchema = z.union([z.string(), uploadSchema, mediaObjectSchema]);

/** Where a picture is that a client names; still to be fetched or found. */
export type NamedMedia =
  | { type: 'upload'; file: UploadedFile }
  | { type: 'url'; url: string }
  | { type: 'file'; fileId: string };

/** What a client's words lead to. `field` is where it wrote them: `images[1]`. */
export function readNamedMedia(value: z.infer<typeof namedMediaSchema>, field: string): NamedMedia {
  if (value instanceof UploadedFile) return { type: 'upload', file: value };
  if (typeof value === 'string') return readText(value, field);
  const url = typeof value.image_url === 'string' ? value.image_url : value.image_url?.url;
  const said = [url, value.url, value.file_id].filter((each) => each != null);
  if (said.length !== 1) throw refusal(field, "exactly one of 'image_url' and 'file_id' is needed");
  if (value.file_id != null) return { type: 'file', fileId: value.file_id };
  return readText(said[0] ?? '', url === undefined ? `${field}.url` : `${field}.image_url`);
}

const FILE_ID = /^file[-_][\w-]{1,100}$/;
/** Shorter text is a mistyped URL rather than a picture without its `data:`. */
const SHORTEST_BASE64 = 256;

function readText(text: string, field: string): NamedMedia {
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
