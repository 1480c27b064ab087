import { durationMsSchema } from '@sluice/platform-config/duration';
import { onOffSchema } from '@sluice/platform-config/flag';
import { z } from 'zod';

const MEBIBYTE = 1024 * 1024;
const DAY_MS = 24 * 60 * 60_000;

const bytesSchema = z.coerce.number().int().positive();

export const mediaEnvironment = {
  /** Absent: `media` inside SLUICE_HOME. */
  SLUICE_MEDIA_ROOT: z.string().optional(),
  /** Files are dropped this long after they were made. */
  SLUICE_MEDIA_RETENTION_MS: durationMsSchema.default(30 * DAY_MS),
  /** When all files together are larger, the oldest are dropped. */
  SLUICE_MEDIA_MAX_BYTES: bytesSchema.default(100 * 1024 * MEBIBYTE),
  /** How long a link in an answer can be followed without a key. */
  SLUICE_MEDIA_URL_MS: durationMsSchema.default(DAY_MS),
  /** The largest single file that a client may send or name by its URL. */
  SLUICE_MAX_UPLOAD_BYTES: bytesSchema.default(2_048 * MEBIBYTE),
  /**
   * Whether URLs that clients send may lead into the private network, and files of vendors be fetched from there, with a credential
   * that may. Leave it off wherever clients are not trusted like operators.
   */
  SLUICE_FETCH_PRIVATE: onOffSchema.default(false),
} satisfies z.ZodRawShape;
