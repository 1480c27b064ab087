import { mediaObjectSchema, namedMediaSchema, uploadSchema } from '@sluice/contracts/named-media';
import { REFERENCE_TYPES } from '@sluice/contracts/video';
import { z } from 'zod';

const textOrNumber = z.union([z.string(), z.number()]);
const picturesSchema = z.union([z.array(namedMediaSchema), namedMediaSchema]);

/** A picture to be looked at, and what it shows. */
const referenceSchema = z.union([
  z.string(),
  uploadSchema,
  mediaObjectSchema.extend({
    name: z.string().trim().min(1).max(80).nullish(),
    type: z.enum(REFERENCE_TYPES).nullish(),
    description: z.string().trim().min(1).max(2_000).nullish(),
  }),
]);
const referencesSchema = z.union([z.array(referenceSchema), referenceSchema]);

/** As many as anybody ever took; who takes fewer says so. */
const MOST_CHARACTERS = 3;

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
  references: referencesSchema.nullish(),
  video: sourceSchema.nullish(),
  video_id: z.string().nullish(),
  remix_target_id: z.string().nullish(),
  characters: z
    .array(z.union([z.string().min(1), z.object({ id: z.string().min(1) })]))
    .max(MOST_CHARACTERS)
    .nullish(),
  metadata: z.record(z.string().max(64), z.json()).nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().nullish(),
});

export type VideoBody = z.infer<typeof videoSchema>;
export type Picture = z.infer<typeof namedMediaSchema>;
export type NotedPicture = z.infer<typeof referenceSchema>;

/** Members that are objects: a form may write them as JSON. */
export const STRUCTURED_FIELDS: ReadonlySet<string> = new Set([
  'input_reference',
  'image',
  'images',
  'image_url',
  'image_urls',
  'reference_images',
  'references',
  'first_frame',
  'last_frame',
  'video',
  'metadata',
  'characters',
]);
