import { BATCH_ENDPOINTS } from '@sluice/contracts/batch';
import { z } from 'zod';

const HOUR_SECONDS = 3_600;
const LONGEST_SECONDS = 30 * 24 * HOUR_SECONDS;
const MOST_METADATA = 16;
const LONGEST_LIST = 100;
const LONGEST_ID = 512;

const metadataSchema = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine((members) => Object.keys(members).length <= MOST_METADATA);

export const createBatchSchema = z.object({
  input_file_id: z.string().min(1),
  endpoint: z.enum(BATCH_ENDPOINTS),
  completion_window: z.enum(['24h']),
  metadata: metadataSchema.nullish(),
  output_expires_after: z
    .object({ anchor: z.enum(['created_at']), seconds: z.int().min(HOUR_SECONDS).max(LONGEST_SECONDS) })
    .nullish(),
});

export const listBatchesSchema = z.object({
  after: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(LONGEST_LIST).default(20),
});

/** A line of the file; what the body must be is its endpoint's business. */
export const batchLineSchema = z.object({
  custom_id: z.string().min(1).max(LONGEST_ID),
  method: z.enum(['POST']),
  url: z.string(),
  body: z.looseObject({ model: z.string().optional() }),
});
