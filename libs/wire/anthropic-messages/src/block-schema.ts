import { z } from 'zod';
import { jsonArraySchema, jsonObjectSchema } from '@sluice/contracts/json-object';

const cacheable = { cache_control: jsonObjectSchema.nullish() };

export const textBlockSchema = z.object({
  type: z.literal('text'),
  text: z.string(),
  citations: jsonArraySchema.nullish(),
  ...cacheable,
});

const urlSourceSchema = z.object({ type: z.literal('url'), url: z.string() });
const fileSourceSchema = z.object({ type: z.literal('file'), file_id: z.string() });
const base64SourceSchema = z.object({ type: z.literal('base64'), media_type: z.string(), data: z.string() });

const imageBlockSchema = z.object({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [base64SourceSchema, urlSourceSchema, fileSourceSchema]),
  transformations: jsonObjectSchema.nullish(),
  ...cacheable,
});

const textSourceSchema = z.object({ type: z.literal('text'), media_type: z.string().nullish(), data: z.string() });
const contentSourceSchema = z.object({
  type: z.literal('content'),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textBlockSchema, imageBlockSchema]))]),
});

const documentBlockSchema = z.object({
  type: z.literal('document'),
  source: z.discriminatedUnion('type', [
    base64SourceSchema,
    textSourceSchema,
    contentSourceSchema,
    urlSourceSchema,
    fileSourceSchema,
  ]),
  title: z.string().nullish(),
  context: z.string().nullish(),
  citations: jsonObjectSchema.nullish(),
  ...cacheable,
});

const searchResultBlockSchema = z.object({
  type: z.literal('search_result'),
  source: z.string(),
  title: z.string(),
  content: z.array(textBlockSchema),
  citations: jsonObjectSchema.nullish(),
  ...cacheable,
});

const thinkingBlockSchema = z.object({
  type: z.literal('thinking'),
  thinking: z.string(),
  signature: z.string().nullish(),
});
const redactedBlockSchema = z.object({ type: z.literal('redacted_thinking'), data: z.string() });

const toolUseBlockSchema = z.object({
  type: z.literal('tool_use'),
  id: z.string().min(1),
  name: z.string().min(1),
  input: jsonObjectSchema,
  /** Where a signature that belongs to the call travels; Google's, in Google's words. */
  extra_content: jsonObjectSchema.nullish(),
  ...cacheable,
});

/** What only Anthropic's own servers can have said, or can read. */
const serverBlockSchema = z.object({
  type: z.enum([
    'server_tool_use',
    'web_search_tool_result',
    'web_fetch_tool_result',
    'code_execution_tool_result',
    'bash_code_execution_tool_result',
    'text_editor_code_execution_tool_result',
    'tool_search_tool_result',
    'mcp_tool_use',
    'mcp_tool_result',
    'container_upload',
    'compaction',
    'tool_reference',
    'browser_state',
  ]),
});

const toolResultBlockSchema = z.object({
  type: z.literal('tool_result'),
  tool_use_id: z.string().min(1),
  content: z
    .union([
      z.string(),
      z.array(
        z.discriminatedUnion('type', [
          textBlockSchema,
          imageBlockSchema,
          documentBlockSchema,
          searchResultBlockSchema,
          serverBlockSchema,
        ]),
      ),
    ])
    .nullish(),
  is_error: z.boolean().nullish(),
  ...cacheable,
});

export const userBlockSchema = z.discriminatedUnion('type', [
  textBlockSchema,
  imageBlockSchema,
  documentBlockSchema,
  searchResultBlockSchema,
  toolResultBlockSchema,
  serverBlockSchema,
]);

export const assistantBlockSchema = z.discriminatedUnion('type', [
  textBlockSchema,
  thinkingBlockSchema,
  redactedBlockSchema,
  toolUseBlockSchema,
  documentBlockSchema,
  searchResultBlockSchema,
  serverBlockSchema,
]);

export type WireTextBlock = z.infer<typeof textBlockSchema>;
export type WireImageBlock = z.infer<typeof imageBlockSchema>;
export type WireDocumentBlock = z.infer<typeof documentBlockSchema>;
export type WireSearchResultBlock = z.infer<typeof searchResultBlockSchema>;
export type WireServerBlock = z.infer<typeof serverBlockSchema>;
export type WireToolUseBlock = z.infer<typeof toolUseBlockSchema>;
export type WireToolResultBlock = z.infer<typeof toolResultBlockSchema>;
export type WireUserBlock = z.infer<typeof userBlockSchema>;
export type WireAssistantBlock = z.infer<typeof assistantBlockSchema>;
