import { durationMsSchema } from '@sluice/platform-config/duration';
import { z } from 'zod';

export const postgresEnvironment = {
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' }),
  /** Connections that one process holds at most. */
  POSTGRES_POOL_SIZE: z.coerce.number({ error: 'must be a number' }).int().min(1).max(200).default(10),
  /** After this Postgres ends a statement itself. */
  POSTGRES_STATEMENT_TIMEOUT_MS: durationMsSchema.default(10_000),
  POSTGRES_CONNECT_TIMEOUT_MS: durationMsSchema.default(5_000),
} satisfies z.ZodRawShape;
