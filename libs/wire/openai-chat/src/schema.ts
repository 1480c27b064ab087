import { z } from 'zod';
import { jsonObjectSchema } from '@sluice/contracts/json-object';
import { messageSchema } from './message-schema.js';
import { functionCallSchema, functionSchema, toolChoiceSchema, toolSchema } from './tool-schema.js';

const responseFormatSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: z.string(),
      description: z.string().nullish(),
      schema: jsonObjectSchema.nullish(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

const predictionSchema = z.object({
  type: z.literal('content'),
  content: z.union([z.string(), z.array(z.object({ type: z.literal('text'), text: z.string() }))]),
});

/** The body of `POST /v1/chat/completions`. An optional field may also be null, which means absent. */
export const chatCompletionSchema = z.object({
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1),
  audio: z
    .object({
      format: z.enum(['wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16']),
      voice: z.union([z.string(), jsonObjectSchema]),
    })
    .nullish(),
  /** Not OpenAI's: what clients say to one vendor alone. */
  extra_body: jsonObjectSchema.nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  function_call: functionCallSchema.nullish(),
  functions: z.array(functionSchema).min(1).max(128).nullish(),
  /** Not OpenAI's: the shape of pictures in the answer. */
  image_config: jsonObjectSchema.nullish(),
  logit_bias: z.record(z.string(), z.number().min(-100).max(100)).nullish(),
  logprobs: z.boolean().nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  modalities: z.array(z.enum(['text', 'audio', 'image'])).nullish(),
  moderation: jsonObjectSchema.nullish(),
  n: z.int().min(1).max(128).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  prediction: predictionSchema.nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_options: jsonObjectSchema.nullish(),
  prompt_cache_retention: z.string().nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
  response_format: responseFormatSchema.nullish(),
  safety_identifier: z.string().nullish(),
  seed: z.int().nullish(),
  service_tier: z.string().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .object({ include_usage: z.boolean().nullish(), include_obfuscation: z.boolean().nullish() })
    .nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  tools: z.array(toolSchema).nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  user: z.string().nullish(),
  verbosity: z.enum(['low', 'medium', 'high']).nullish(),
  web_search_options: jsonObjectSchema.nullish(),
});

export type ChatCompletionBody = z.infer<typeof chatCompletionSchema>;
