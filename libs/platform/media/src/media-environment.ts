import { z } from 'zod';

export const mediaEnvironment = {
  /** Absent: `media` inside SLUICE_HOME. */
  SLUICE_MEDIA_ROOT: z.string().optional(),
} satisfies z.ZodRawShape;
