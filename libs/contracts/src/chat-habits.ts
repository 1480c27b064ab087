import { z } from 'zod';

/**
 * How a vendor of OpenAI's chat protocol departs from it. What is named holds for every body; what is absent is
 * chosen by the address, and then only for bodies that we write: a client's own goes on in its own words.
 */
export const chatHabitsSchema = z
  .strictObject({
    /** Whether the reasoning of earlier turns is sent back. Some vendors demand it, some refuse it. */
    reasoningContent: z.enum(['send', 'omit']),
    /** What the limit of the answer's length is called; never both. */
    tokenLimit: z.enum(['max_completion_tokens', 'max_tokens']),
    /** `system`: the role `developer` is not known there. */
    developerRole: z.enum(['developer', 'system']),
  })
  .partial();
export type ChatHabits = z.infer<typeof chatHabitsSchema>;
