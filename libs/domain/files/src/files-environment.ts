import { z } from 'zod';

const GIBIBYTE = 1024 * 1024 * 1024;

export const filesEnvironment = {
  /** What the files of one API key may take together. */
  SLUICE_FILES_MAX_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(20 * GIBIBYTE),
} satisfies z.ZodRawShape;
