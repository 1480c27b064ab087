import type { JsonObject } from '@sluice/contracts/json';
import { z } from 'zod';

const count = z.number().catch(0);

/** What an upstream says of pictures that it made; what it does not say, or says otherwise, is left out. */
const factsSchema = z.object({
  /** Seconds. */
  created: z.number().optional().catch(undefined),
  size: z.string().optional().catch(undefined),
  quality: z.string().optional().catch(undefined),
  background: z.string().optional().catch(undefined),
  /** `png`, `jpeg` … */
  outputFormat: z.string().optional().catch(undefined),
  /** By the picture's index. */
  revisedPrompts: z.array(z.string().nullable()).optional().catch(undefined),
  usage: z
    .object({
      inputTokens: count,
      outputTokens: count,
      totalTokens: count,
      imageInputTokens: count,
      textInputTokens: count,
    })
    .partial()
    .optional()
    .catch(undefined),
});
export type ImageFacts = z.infer<typeof factsSchema>;

export function readFacts(facts: JsonObject): ImageFacts {
  return factsSchema.parse(facts);
}
