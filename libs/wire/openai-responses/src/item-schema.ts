import { jsonArraySchema, jsonObjectSchema } from '@sluice/contracts/json-object';
import { z } from 'zod';

const cacheable = { prompt_cache_breakpoint: jsonObjectSchema.nullish() };

/** The name decides where a text came from; clients mix them up, and every reader takes all three. */
const textPartSchema = z.object({
  type: z.enum(['input_text', 'output_text', 'text']),
  text: z.string(),
  ...cacheable,
});
const refusalPartSchema = z.object({ type: z.literal('refusal'), refusal: z.string() });
const imagePartSchema = z.object({
  type: z.literal('input_image'),
  image_url: z.string().nullish(),
  file_id: z.string().nullish(),
  detail: z.string().nullish(),
  ...cacheable,
});
const filePartSchema = z.object({
  type: z.literal('input_file'),
  file_id: z.string().nullish(),
  file_data: z.string().nullish(),
  file_url: z.string().nullish(),
  filename: z.string().nullish(),
  ...cacheable,
});
const audioPartSchema = z.object({
  type: z.literal('input_audio'),
  input_audio: z.object({ data: z.string(), format: z.enum(['wav', 'mp3']) }),
  ...cacheable,
});

const userPartSchema = z.discriminatedUnion('type', [textPartSchema, imagePartSchema, filePartSchema, audioPartSchema]);
const outputPartSchema = z.discriminatedUnion('type', [textPartSchema, imagePartSchema, filePartSchema]);
const assistantPartSchema = z.discriminatedUnion('type', [textPartSchema, refusalPartSchema]);

const id = z.string().nullish();
const message = { type: z.literal('message'), id };

/** With `type` absent, too: clients leave it out. */
const messageSchema = z.discriminatedUnion('role', [
  z.object({ ...message, role: z.literal('user'), content: z.union([z.string(), z.array(userPartSchema)]) }),
  z.object({
    ...message,
    role: z.enum(['system', 'developer']),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPartSchema]))]),
  }),
  z.object({ ...message, role: z.literal('assistant'), content: z.union([z.string(), z.array(assistantPartSchema)]) }),
]);

const functionCallSchema = z.object({
  type: z.literal('function_call'),
  id,
  call_id: z.string().min(1),
  name: z.string().min(1),
  arguments: z.string(),
  /** Where a signature that belongs to the call travels; Google's, in Google's words. */
  extra_content: jsonObjectSchema.nullish(),
});
const customCallSchema = z.object({
  type: z.literal('custom_tool_call'),
  id,
  call_id: z.string().min(1),
  name: z.string().min(1),
  input: z.string(),
});
const callOutputSchema = z.object({
  type: z.enum(['function_call_output', 'custom_tool_call_output']),
  id,
  call_id: z.string().min(1),
  output: z.union([z.string(), z.array(outputPartSchema)]),
});
const reasoningSchema = z.object({
  type: z.literal('reasoning'),
  id,
  summary: z.array(z.object({ type: z.literal('summary_text'), text: z.string() })).nullish(),
  content: z.array(z.object({ type: z.enum(['reasoning_text', 'text']), text: z.string() })).nullish(),
  encrypted_content: z.string().nullish(),
});
const imageCallSchema = z.object({
  type: z.literal('image_generation_call'),
  id,
  /** Base64. */
  result: z.string().nullish(),
  output_format: z.string().nullish(),
  extra_content: jsonObjectSchema.nullish(),
});
const referenceSchema = z.object({ type: z.literal('item_reference'), id: z.string().min(1) });

/** What only OpenAI's own servers can have made, or can read. */
const hostedSchema = z.object({
  type: z.enum([
    'web_search_call',
    'file_search_call',
    'computer_call',
    'computer_call_output',
    'code_interpreter_call',
    'local_shell_call',
    'local_shell_call_output',
    'shell_call',
    'shell_call_output',
    'apply_patch_call',
    'apply_patch_call_output',
    'mcp_list_tools',
    'mcp_approval_request',
    'mcp_approval_response',
    'mcp_call',
    'tool_search_call',
    'tool_search_output',
    'additional_tools',
    'configuration_update',
    'compaction',
    'compaction_trigger',
    'program',
    'program_output',
  ]),
});

export const itemSchema = z.discriminatedUnion('type', [
  messageSchema,
  functionCallSchema,
  customCallSchema,
  callOutputSchema,
  reasoningSchema,
  imageCallSchema,
  referenceSchema,
  hostedSchema,
]);

export type WireItem = z.infer<typeof itemSchema>;
export type WireMessage = z.infer<typeof messageSchema>;
export type WireReasoning = z.infer<typeof reasoningSchema>;
export type WireCall = z.infer<typeof functionCallSchema> | z.infer<typeof customCallSchema>;
export type WireCallOutput = z.infer<typeof callOutputSchema>;
export type WireImageCall = z.infer<typeof imageCallSchema>;
export type WireTextPart = z.infer<typeof textPartSchema>;
export type WireImagePart = z.infer<typeof imagePartSchema>;
export type WireFilePart = z.infer<typeof filePartSchema>;
export type WireUserPart = z.infer<typeof userPartSchema>;

/** The type that an item has though it does not say so. */
export function withType(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item) || 'type' in item) return item;
  return { type: 'role' in item || !('id' in item) ? 'message' : 'item_reference', ...item };
}

export const inputSchema = z.union([z.string(), jsonArraySchema]);
