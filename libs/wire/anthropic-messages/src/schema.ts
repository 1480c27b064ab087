import { z } from 'zod';
import { assistantBlockSchema, textBlockSchema, userBlockSchema } from './block-schema.js';
import { jsonArraySchema, jsonObjectSchema } from '@sluice/contracts/json-object';

const messageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.literal('user'), content: z.union([z.string(), z.array(userBlockSchema).min(1)]) }),
  z.object({ role: z.literal('assistant'), content: z.union([z.string(), z.array(assistantBlockSchema)]) }),
  z.object({ role: z.literal('system'), content: z.union([z.string(), z.array(textBlockSchema)]) }),
]);

/** The type is any string: a versioned one is a tool of Anthropic's own. */
const toolSchema = z.object({
  type: z.string().nullish(),
  name: z.string().min(1).max(128).nullish(),
  description: z.string().nullish(),
  input_schema: jsonObjectSchema.nullish(),
  strict: z.boolean().nullish(),
  cache_control: jsonObjectSchema.nullish(),
});

const parallel = { disable_parallel_tool_use: z.boolean().nullish() };
const toolChoiceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['auto', 'any']), ...parallel }),
  z.object({ type: z.literal('tool'), name: z.string(), ...parallel }),
  z.object({ type: z.literal('none') }),
]);

const display = z.enum(['summarized', 'omitted']).nullish();
const thinkingSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('enabled'), budget_tokens: z.int().min(1024), display }),
  z.object({ type: z.literal('disabled') }),
  z.object({ type: z.enum(['adaptive', 'between_tools']), display }),
]);

const formatSchema = z.object({ type: z.literal('json_schema'), schema: jsonObjectSchema });

const conversation = {
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1),
  system: z.union([z.string(), z.array(textBlockSchema)]).nullish(),
  tools: z.array(toolSchema).nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  thinking: thinkingSchema.nullish(),
  output_config: z
    .object({ effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(), format: formatSchema.nullish() })
    .nullish(),
  output_format: formatSchema.nullish(),
  cache_control: jsonObjectSchema.nullish(),
};

/** The body of `POST /v1/messages`. An optional field may also be null, which means absent. */
export const messagesSchema = z.object({
  ...conversation,
  max_tokens: z.int().min(0),
  stream: z.boolean().nullish(),
  stop_sequences: z.array(z.string()).nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).nullish(),
  metadata: z.object({ user_id: z.string().nullish() }).nullish(),
  service_tier: z.enum(['auto', 'standard_only']).nullish(),
  mcp_servers: jsonArraySchema.nullish(),
});

/** The body of `POST /v1/messages/count_tokens`. */
export const countTokensSchema = z.object(conversation);

export type MessagesBody = z.infer<typeof messagesSchema>;
export type ConversationBody = z.infer<typeof countTokensSchema>;
export type WireMessage = z.infer<typeof messageSchema>;
export type WireTool = z.infer<typeof toolSchema>;
