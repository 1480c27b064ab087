import { errorDataSchema } from '@sluice/contracts/gateway-error';
import { generationStatusSchema } from '@sluice/contracts/generation';
import { z } from 'zod';

/** A generation as its row holds it. Texts named `…Json` are JSON that nobody has had to read yet. */
export const generationRowSchema = z.object({
  id: z.string(),
  created_at: z.date(),
  kind: z.string(),
  status: generationStatusSchema,
  owner_key_id: z.string(),
  dialect: z.string(),
  model: z.string(),
  upstream: z.string().nullable(),
  upstream_model: z.string().nullable(),
  credential_id: z.string().nullable(),
  attempt: z.int(),
  /** The whole event log, as a JSON array of parts; null until the end. */
  events: z.string().nullable(),
  error: errorDataSchema.nullable(),
  usage: z.record(z.string(), z.number()).nullable(),
  last_sequence: z.int(),
  started_at: z.date().nullable(),
  finished_at: z.date().nullable(),
  request_id: z.string().nullable(),
  stream: z.boolean(),
});
export type GenerationRow = z.infer<typeof generationRowSchema>;
