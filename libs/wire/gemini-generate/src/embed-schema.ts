import { z } from 'zod';
import { contentSchema } from './part-schema.js';

const embedShape = {
  content: contentSchema,
  taskType: z.string().nullish(),
  title: z.string().nullish(),
  outputDimensionality: z.int().min(1).nullish(),
  /** The path decides. */
  model: z.string().nullish(),
};

/** The body of `embedContent`, names in camelCase. */
export const embedContentSchema = z.object(embedShape);

/** The body of `batchEmbedContents`. */
export const batchEmbedContentsSchema = z.object({ requests: z.array(z.object(embedShape)).min(1).max(100) });

export type EmbedContentBody = z.infer<typeof embedContentSchema>;
