import { namedMediaSchema } from '@sluice/contracts/named-media';
import { z } from 'zod';

const picturesSchema = z.union([z.array(namedMediaSchema), namedMediaSchema]);

/** The body of a call that makes pictures, from words alone or from pictures too. A null counts as absent. */
export const imageSchema = z.object({
  model: z.string().min(1).nullish(),
  prompt: z.string().min(1).max(32_000),
  n: z.int().min(1).max(10).nullish(),
  size: z.string().nullish(),
  aspect_ratio: z.string().nullish(),
  resolution: z.string().min(1).max(32).nullish(),
  quality: z.enum(['auto', 'low', 'medium', 'high', 'xhigh', 'max', 'standard', 'hd']).nullish(),
  style: z.string().min(1).max(64).nullish(),
  background: z.enum(['transparent', 'opaque', 'auto']).nullish(),
  output_format: z.enum(['png', 'jpeg', 'webp']).nullish(),
  output_compression: z.int().min(0).max(100).nullish(),
  moderation: z.enum(['low', 'auto']).nullish(),
  input_fidelity: z.enum(['low', 'high']).nullish(),
  response_format: z.enum(['url', 'b64_json', 'base64']).nullish(),
  stream: z.boolean().nullish(),
  partial_images: z.int().min(0).max(3).nullish(),
  /** Ours: answer at once with the generation, as `Prefer: respond-async` does. */
  async: z.boolean().nullish(),
  image: picturesSchema.nullish(),
  images: picturesSchema.nullish(),
  image_url: picturesSchema.nullish(),
  mask: namedMediaSchema.nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().nullish(),
});

export type ImageBody = z.infer<typeof imageSchema>;

/** Where a form may carry a picture as a file. */
export const PICTURE_FIELDS: ReadonlySet<string> = new Set(['image', 'images', 'image_url', 'mask']);
/** Members that are objects: a form may write them as JSON. */
export const STRUCTURED_FIELDS: ReadonlySet<string> = new Set([...PICTURE_FIELDS, 'metadata']);

const NUMBERS = new Set(['n', 'output_compression', 'partial_images']);
const FLAGS = new Set(['stream', 'async']);

/** A form has text only: what reads like a number or a flag is one, in the fields that are. */
export function withNumbers(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, readText(name, value)]));
}

function readText(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (NUMBERS.has(name) && /^-?\d{1,9}(?:\.\d+)?$/.test(value)) return Number(value);
  if (FLAGS.has(name) && /^(?:true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return value;
}
