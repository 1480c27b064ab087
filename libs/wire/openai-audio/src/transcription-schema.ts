import { z } from 'zod';

const flag = z.enum(['true', 'false']).transform((word) => word === 'true');
const number = z.string().trim().min(1).transform(Number).pipe(z.number());

/** The form of `POST /v1/audio/transcriptions`, its fields as texts; those named `x[]` are read as `x`. */
export const transcriptionSchema = z.object({
  model: z.string().min(1),
  language: z.string().min(1).optional(),
  prompt: z.string().optional(),
  response_format: z.enum(['json', 'text', 'srt', 'vtt', 'verbose_json', 'diarized_json']).default('json'),
  temperature: number.pipe(z.number().min(0).max(1)).optional(),
  timestamp_granularities: z.array(z.enum(['word', 'segment'])).optional(),
  include: z.array(z.string()).optional(),
  stream: flag.optional(),
  chunking_strategy: z.string().optional(),
});
export type TranscriptionFormat = z.infer<typeof transcriptionSchema>['response_format'];

/** Fields of which there can be several. */
export const LIST_FIELDS: ReadonlySet<string> = new Set(['timestamp_granularities', 'include']);
