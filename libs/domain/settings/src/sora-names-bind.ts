import { z } from 'zod';

/** How much of what a name of Sora's clients says has to be made: all of it, or how it lies, and the rest as whoever makes it usually does. */
export const soraNamesBindSchema = z.enum(['all', 'orientation']);
export type SoraNamesBind = z.infer<typeof soraNamesBindSchema>;
