import { z } from 'zod';

/** Bytes in one of the two spellings that Google's own pages have. */
const imageSchema = z.union([
  z.strictObject({ bytesBase64Encoded: z.string().min(1), mimeType: z.string().nullish() }),
  z.strictObject({ inlineData: z.strictObject({ data: z.string().min(1), mimeType: z.string().nullish() }) }),
]);

const instanceSchema = z.strictObject({
  prompt: z.string().max(32_000).nullish(),
  image: imageSchema.nullish(),
  lastFrame: imageSchema.nullish(),
  referenceImages: z
    .array(z.strictObject({ image: imageSchema, referenceType: z.string().nullish() }))
    .max(10)
    .nullish(),
  video: z.strictObject({ uri: z.string().min(1), encoding: z.string().nullish() }).nullish(),
});

/** The body of `predictLongRunning`. A parameter that is not listed goes on as it is: the upstream knows it, or refuses it. */
export const predictVideoSchema = z.strictObject({
  instances: z.array(instanceSchema).length(1),
  parameters: z
    .looseObject({
      sampleCount: z.literal(1).nullish(),
      durationSeconds: z.union([z.number(), z.string().regex(/^\d{1,3}$/)]).nullish(),
      aspectRatio: z.string().max(16).nullish(),
      resolution: z.string().max(16).nullish(),
    })
    .nullish(),
  webhookConfig: z.json().nullish(),
});

export type PredictVideoBody = z.infer<typeof predictVideoSchema>;
export type WireImage = z.infer<typeof imageSchema>;
