import { z } from 'zod';

const tokensSchema = z.array(z.int().min(0)).min(1);

/** The body of `POST /v1/embeddings`. An optional field may also be null, which means absent. */
export const embeddingSchema = z.object({
  model: z.string().min(1),
  input: z.union([
    z.string(),
    z.array(z.string()).min(1).max(2048),
    tokensSchema,
    z.array(tokensSchema).min(1).max(2048),
  ]),
  dimensions: z.int().min(1).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  user: z.string().nullish(),
});

export type EmbeddingBody = z.infer<typeof embeddingSchema>;
