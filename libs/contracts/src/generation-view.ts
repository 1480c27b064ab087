import { z } from 'zod';
import { DURABLE_KINDS } from './durable-generation.js';
import { errorDataSchema } from './gateway-error.js';
import { generationKindSchema, generationStatusSchema } from './generation.js';

/** A generation as `/v1/generations` shows it to its owner: one view for every kind. Times are Unix seconds. */
export const generationViewSchema = z.object({
  id: z.string(),
  object: z.literal('generation'),
  kind: z.union([generationKindSchema, z.enum(DURABLE_KINDS)]),
  status: generationStatusSchema,
  model: z.string(),
  /** What really ran. */
  upstream: z.string().nullable(),
  upstream_model: z.string().nullable(),
  attempts: z.int(),
  /** How many are before it in its queue; null once it runs. */
  position: z.int().nullable(),
  eta_seconds: z.number().nullable(),
  progress: z.int().nullable(),
  created_at: z.int(),
  started_at: z.int().nullable(),
  completed_at: z.int().nullable(),
  /** The sequence number of the last event. */
  last_event: z.int(),
  usage: z.record(z.string(), z.number()).nullable(),
  /** What was made, where that is files. */
  files: z
    .array(
      z.object({
        role: z.string(),
        media_type: z.string(),
        bytes: z.int(),
        sha256: z.string(),
        /** Of a picture: where it can be fetched without a key, for a while. */
        url: z.string().optional(),
      }),
    )
    .optional(),
  error: errorDataSchema.pick({ code: true, message: true, param: true }).nullable(),
});
export type GenerationView = z.infer<typeof generationViewSchema>;
