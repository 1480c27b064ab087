import { z } from 'zod';

/** The cookie's value, in whichever form it was pasted: bare, as `sso=…`, or among all the cookies of the site. */
export const ssoSchema = z
  .string()
  .trim()
  .transform((pasted, context) => {
    const named = /(?:^|;)\s*(?:cookie:\s*)?sso=([^;\s]+)/i.exec(pasted)?.[1];
    const value = (named ?? pasted).replaceAll(/^["']|["']$/g, '');
    if (/^[\w.~+/=-]{8,4096}$/.test(value) && !value.includes('sso-rw')) return value;
    context.addIssue({ code: 'custom', message: 'must be the value of the cookie "sso", or cookies with it' });
    return z.NEVER;
  });

/** A signed-in account of grok.com. */
export const sessionSecret = z.strictObject({
  sso: ssoSchema,
  /** What proves that a challenge was answered, where somebody has: it holds for one way out. */
  clearance: z.string().trim().min(1).optional(),
});
