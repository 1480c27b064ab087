import { z } from 'zod';

/** The client-facing wire formats. A dialect's code lives in `libs/wire/<dialect>`. */
export const dialectSchema = z.enum([
  'openai-chat',
  'openai-responses',
  'openai-embeddings',
  'openai-videos',
  'openai-images',
  'openai-audio',
  'anthropic-messages',
  'gemini-generate',
  'studio',
]);
export type Dialect = z.infer<typeof dialectSchema>;

/** Dialects of one family share their error shape, which also serves paths that no dialect owns. */
export type DialectFamily = 'openai' | 'anthropic' | 'google' | 'studio';
