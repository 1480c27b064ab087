import { z } from 'zod';

export const responsesEnvironment = {
  /** Stored responses are kept this long. */
  SLUICE_RESPONSES_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),
} satisfies z.ZodRawShape;
