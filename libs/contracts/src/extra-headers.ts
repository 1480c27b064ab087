import { z } from 'zod';

/** What says who asks, where, and how the body is to be read, is the adapters' business. */
const GUARDED =
  /^(?:authorization|proxy-.*|x-goog-api-key|x-api-key|api-key|cookie|host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-.*|accept-encoding)$/;

const headerNameSchema = z
  .string()
  .regex(/^[\w!#$%&'*+\-.^`|~]{1,100}$/, 'is no name of a header')
  .transform((name) => name.toLowerCase())
  .refine((name) => !GUARDED.test(name), 'is not to be set here');

const headerValueSchema = z
  .string()
  .max(2_000)
  .regex(/^[\x20-\x7e]*$/, 'must be plain text');

/** Headers that an operator adds to the calls of an upstream; none that authorise or frame. */
export const extraHeadersSchema = z.record(headerNameSchema, headerValueSchema);
export type ExtraHeaders = z.infer<typeof extraHeadersSchema>;
