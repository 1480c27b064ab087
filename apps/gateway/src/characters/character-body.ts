import { namedMediaSchema, uploadSchema } from '@sluice/contracts/named-media';
import { z } from 'zod';

const LONGEST_NAME = 80;
const LONGEST_TEXT = 8_000;

const sourceSchema = z.union([
  z.string().min(1),
  uploadSchema,
  z.object({ id: z.string().nullish(), url: z.string().nullish(), file_id: z.string().nullish() }),
]);
const flagSchema = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const text = z.string().trim().min(1).max(LONGEST_TEXT).nullish();

/** What its owner can say of a character. */
const saidSchema = z.object({
  username: z
    .string()
    .trim()
    .regex(/^@?\w[\w.-]{0,39}$/, '1 to 40 letters, digits, dots, hyphens and underscores')
    .nullish(),
  display_name: z.string().trim().min(1).max(LONGEST_NAME).nullish(),
  name: z.string().trim().min(1).max(LONGEST_NAME).nullish(),
  /** `"0,3"` or `[0, 3]`, in seconds. */
  timestamps: z.union([z.string(), z.array(z.union([z.number(), z.string()]))]).nullish(),
  instruction_set: text,
  safety_instruction_set: text,
  public: flagSchema.nullish(),
  visibility: z.enum(['public', 'private']).nullish(),
});

/** The body of a POST that makes a character, in the spellings that are about. A null counts as absent. */
export const characterSchema = saidSchema.extend({
  model: z.string().min(1).nullish(),
  file: namedMediaSchema.nullish(),
  video: sourceSchema.nullish(),
  video_url: z.union([z.string().min(1), z.object({ url: z.string().min(1) })]).nullish(),
  video_id: z.string().min(1).nullish(),
  /** A finished video of this gateway, or a draft of the website's. */
  generation_id: z.string().min(1).nullish(),
  /** The same words once more, as one of the old gateways has them. */
  character_options: saidSchema.nullish(),
});
export type CharacterBody = z.infer<typeof characterSchema>;

/** The body as OpenAI has it. */
export const officialCharacterSchema = z.object({
  video: sourceSchema,
  name: z.string().trim().min(1).max(LONGEST_NAME),
  model: z.string().min(1).nullish(),
});

export const sharingSchema = z
  .object({ public: flagSchema.nullish(), visibility: z.enum(['public', 'private']).nullish() })
  .refine((body) => body.public != null || body.visibility != null, { path: ['public'], message: 'Required' });

/** Where a form may carry the film, and members that it may write as JSON. */
export const FILM_FIELDS: ReadonlySet<string> = new Set(['file', 'video']);
export const STRUCTURED_FIELDS: ReadonlySet<string> = new Set(['character_options', 'timestamps', 'video']);
