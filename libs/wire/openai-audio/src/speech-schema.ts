import { jsonObjectSchema } from '@sluice/contracts/json-object';
import { z } from 'zod';

/** The body of `POST /v1/audio/speech`. An optional field may also be null, which means absent. */
export const speechSchema = z.object({
  model: z.string().min(1),
  input: z.string().min(1).max(4096),
  voice: z.union([z.string().min(1), jsonObjectSchema]),
  instructions: z.string().nullish(),
  response_format: z.enum(['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm']).nullish(),
  speed: z.number().min(0.25).max(4).nullish(),
  stream_format: z.enum(['audio', 'sse']).nullish(),
});
