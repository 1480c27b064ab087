import { z } from 'zod';

const sampleSchema = z.object({ video: z.object({ uri: z.string().min(1) }) });

/** An operation as `GET` tells it. What is not understood is left out rather than refused: the video is paid. */
export const veoOperationSchema = z.object({
  name: z.string().min(1).optional().catch(undefined),
  done: z.boolean().nullish().catch(undefined),
  error: z
    .object({ code: z.number().nullish().catch(undefined), message: z.string().nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
  response: z
    .object({
      generateVideoResponse: z
        .object({
          generatedSamples: z.array(z.unknown()).nullish().catch(undefined),
          raiMediaFilteredCount: z.coerce.number().nullish().catch(undefined),
          raiMediaFilteredReasons: z.array(z.string()).nullish().catch(undefined),
        })
        .nullish()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
  metadata: z
    .object({ progressPercent: z.coerce.number().nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});

export type VeoAnswer = z.infer<typeof veoOperationSchema>;

/** Where the finished videos lie. */
export function urisIn({ response }: VeoAnswer): string[] {
  const samples = response?.generateVideoResponse?.generatedSamples ?? [];
  return samples.flatMap((sample) => {
    const parsed = sampleSchema.safeParse(sample);
    return parsed.success ? [parsed.data.video.uri] : [];
  });
}
