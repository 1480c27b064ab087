import { z } from 'zod';
import { UploadedFile } from './uploaded-file.js';

const fileSchema = z.custom<UploadedFile>((value) => value instanceof UploadedFile, {
  params: { expected: 'a file' },
});
const textOrNumber = z.union([z.string(), z.number()]);
const urlSchema = z.union([z.string(), z.object({ url: z.string() })]);

/** A picture: an upload, a URL, a data URL, a stored file, or one of these in an object that says which. */
const pictureSchema = z.union([
  z.string(),
  fileSchema,
  z.object({ image_url: urlSchema.nullish(), url: z.string().nullish(), file_id: z.string().nullish() }),
]);
const picturesSchema = z.union([z.array(pictureSchema), pictureSchema]);

/** The film that an edit or an extension starts from. */
const sourceSchema = z.union([
  z.string(),
  fileSchema,
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
  first_frame: pictureSchema.nullish(),
  last_frame: pictureSchema.nullish(),
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
export type Picture = z.infer<typeof pictureSchema>;
