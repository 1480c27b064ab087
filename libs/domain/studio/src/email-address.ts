import { z } from 'zod';

/** By RFC 5321 no path is longer. */
const LONGEST_EMAIL = 254;

/** One spelling of each address: people do not mind how they write their own. */
export const emailSchema = z
  .string({ error: 'must be an email address' })
  .transform((text) => text.normalize('NFKC').trim().toLowerCase())
  .pipe(
    z.email({ error: 'must be an email address' }).max(LONGEST_EMAIL, `must have at most ${LONGEST_EMAIL} characters`),
  );
