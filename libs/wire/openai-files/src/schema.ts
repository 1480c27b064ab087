import { FILE_PURPOSES } from '@sluice/contracts/client-file';
import { z } from 'zod';

const HOUR_SECONDS = 3_600;
const LONGEST_SECONDS = 30 * 24 * HOUR_SECONDS;
const LONGEST_LIST = 10_000;

/** Numbers come as text, since this is a form. */
const expirySchema = z.object({
  anchor: z.enum(['created_at']),
  seconds: z.coerce.number().int().min(HOUR_SECONDS).max(LONGEST_SECONDS),
});

/** The fields of a form that brings a file; the file itself is not among them. */
export const createFileSchema = z.object({
  purpose: z.enum(FILE_PURPOSES),
  expires_after: expirySchema.optional(),
});

export const listFilesSchema = z.object({
  purpose: z.enum([...FILE_PURPOSES, 'batch_output']).optional(),
  after: z.string().min(1).optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
  limit: z.coerce.number().int().min(1).max(LONGEST_LIST).default(LONGEST_LIST),
});
