import { jsonObjectSchema } from '@sluice/contracts/json-object';
import { z } from 'zod';
import { inputSchema } from './item-schema.js';
import { toolChoiceSchema, toolSchema } from './tool-schema.js';

const formatSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    name: z.string(),
    description: z.string().nullish(),
    schema: jsonObjectSchema.nullish(),
    strict: z.boolean().nullish(),
  }),
]);

const reasoningSchema = z.object({
  effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
  summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
  /** The older name of `summary`. */
  generate_summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
});

const conversation = {
  input: inputSchema.nullish(),
  instructions: z.string().nullish(),
  previous_response_id: z.string().min(1).nullish(),
  conversation: z.union([z.string(), jsonObjectSchema]).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  reasoning: reasoningSchema.nullish(),
  text: z.object({ format: formatSchema.nullish(), verbosity: z.enum(['low', 'medium', 'high']).nullish() }).nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  tools: z.array(toolSchema).nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
};

/** The body of `POST /v1/responses`. An optional field may also be null, which means absent. */
export const responsesSchema = z.object({
  ...conversation,
  model: z.string().min(1),
  background: z.boolean().nullish(),
  include: z.array(z.string()).nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  max_tool_calls: z.int().min(1).nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  moderation: jsonObjectSchema.nullish(),
  prompt: jsonObjectSchema.nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_options: jsonObjectSchema.nullish(),
  prompt_cache_retention: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  service_tier: z.string().nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_obfuscation: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  user: z.string().nullish(),
});

/** The body of `POST /v1/responses/input_tokens`. */
export const inputTokensSchema = z.object({ ...conversation, model: z.string().nullish() });

export type ResponsesBody = z.infer<typeof responsesSchema>;
export type ConversationBody = z.infer<typeof inputTokensSchema>;
