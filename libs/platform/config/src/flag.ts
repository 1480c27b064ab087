import { z } from 'zod';

const ON = ['on', 'true', 'yes', '1'];
const OFF = ['off', 'false', 'no', '0'];

/** `on` or `off` as a boolean; the usual other spellings are understood. */
export const onOffSchema = z.string().transform((text, context) => {
  const word = text.toLowerCase();
  if (ON.includes(word)) return true;
  if (OFF.includes(word)) return false;
  context.issues.push({ code: 'custom', input: text, message: 'must be on or off' });
  return z.NEVER;
});

/** `auto` leaves the decision to the process that reads it. */
export const flagSchema = z.enum(['on', 'off', 'auto'], { error: 'must be on, off or auto' });
export type Flag = z.infer<typeof flagSchema>;
