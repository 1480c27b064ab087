import { flagSchema } from '@sluice/platform-config/flag';
import { durationMsSchema } from '@sluice/platform-config/duration';
import type { z } from 'zod';

export const credentialEnvironment = {
  /** `auto`: demo credentials serve an upstream while the operator has none for it. */
  SLUICE_DEMO: flagSchema.default('auto'),
  /** A worker that dies keeps its slots for so long. */
  CREDENTIAL_LEASE_MS: durationMsSchema.default(30_000),
} satisfies z.ZodRawShape;
