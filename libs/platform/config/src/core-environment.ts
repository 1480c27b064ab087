import { z } from 'zod';
import { durationMsSchema } from './duration.js';
import { secretSchema } from './secret.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What every process reads. */
export const coreEnvironment = {
  SLUICE_HOME: z.string().default('./.sluice'),
  /** For links in answers; absent means: as the request names us. */
  SLUICE_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
  /** Opens the secrets at rest. */
  SLUICE_MASTER_KEY: secretSchema.optional(),
  /** From SIGTERM to the end of the process. */
  SHUTDOWN_MS: durationMsSchema.default(15_000),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
} satisfies z.ZodRawShape;
