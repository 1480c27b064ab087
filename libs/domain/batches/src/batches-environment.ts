import { z } from 'zod';

export const batchesEnvironment = {
  /** A batch that has ended is shown so long. */
  SLUICE_BATCHES_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),
} satisfies z.ZodRawShape;
