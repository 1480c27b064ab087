import { secretSchema } from '@sluice/platform-config/secret';
import type { z } from 'zod';

export const accountsEnvironment = {
  /** A key that is there from the first start. */
  SLUICE_API_KEY: secretSchema.optional(),
  /** Opens the admin API. */
  SLUICE_ADMIN_TOKEN: secretSchema.optional(),
} satisfies z.ZodRawShape;
