import { namedMediaSchema, uploadSchema } from '@sluice/contracts/named-media';
import { z } from 'zod';

const textOrNumber = z.union([z.string(), z.number()]);
const picturesSchema = z.union([z.array(namedMediaSchema), namedMediaSchema]);

/** The film that an edit or an extension starts from. */
const sourceSchema = z.union([
  z.string(),
  uploadSchema,
  z.object({ id: z.string().nullish(), url: z.string().nullish(), file_id: z.string().nullish() }),
]);

/** The body of every POST that makes a video, in the spellings that are about. A null counts as absent. */
export const videoSchema = z.object({
  model: z.string().min(1).nullish(),
  prompt: z.string().max(32_000).nullish(),
  seconds: textOrNumber.nullish(),
  duration: textOrNumber.nullish(),
  size: z.string().nullish(),
  aspect_ratio: z.string().nullish(),
  ratio: z.string().nullish(),
  orientation: z.enum(['landscape', 'portrait', 'square']).nullish(),
  resolution: z.string().min(1).max(32).nullish(),
  n: textOrNumber.nullish(),
  input_reference: picturesSchema.nullish(),
  image: picturesSchema.nullish(),
  image_url: picturesSchema.nullish(),
  first_frame: namedMediaSchema.nullish(),
  last_frame: namedMediaSchema.nullish(),
  images: picturesSchema.nullish(),
  image_urls: picturesSchema.nullish(),
  reference_images: picturesSchema.nullish(),
  video: sourceSchema.nullish(),
  video_id: z.string().nullish(),
  remix_target_id: z.string().nullish(),
  metadata: z.record(z.string().max(64), z.json()).nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().nullish(),
});

export type VideoBody = z.infer<typeof videoSchema>;
export type Picture = z.infer<typeof namedMediaSchema>;

/** Members that are objects: a form may write them as JSON. */
export const STRUCTURED_FIELDS: ReadonlySet<string> = new Set([
  'input_reference',
  'image',
  'images',
  'image_url',
  'image_urls',
  'reference_images',
  'first_frame',
  'last_frame',
  'video',
  'metadata',
  'characters',
]);
