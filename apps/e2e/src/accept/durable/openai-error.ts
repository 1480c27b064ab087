import { z } from 'zod';

const errorSchema = z.object({
  error: z.object({
    message: z.string().min(10),
    type: z.string().min(1),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});

/** The error in the dialect of the path; throws where it has another shape. */
export function openaiErrorOf(text: string): z.infer<typeof errorSchema>['error'] {
  return errorSchema.parse(JSON.parse(text)).error;
}
