import { z } from 'zod';
import { jsonArraySchema, jsonObjectSchema } from '@sluice/contracts/json-object';

const cacheable = { prompt_cache_breakpoint: jsonObjectSchema.nullish() };

const textPartSchema = z.object({ type: z.literal('text'), text: z.string(), ...cacheable });
const refusalPartSchema = z.object({ type: z.literal('refusal'), refusal: z.string() });

const imagePartSchema = z.object({
  type: z.literal('image_url'),
  image_url: z.object({ url: z.string(), detail: z.string().nullish() }),
  ...cacheable,
});

const audioPartSchema = z.object({
  type: z.literal('input_audio'),
  input_audio: z.object({
    data: z.string(),
    format: z.enum(['wav', 'mp3', 'aac', 'aiff', 'flac', 'm4a', 'ogg', 'opus', 'pcm16', 'webm']),
  }),
  ...cacheable,
});

const filePartSchema = z.object({
  type: z.literal('file'),
  file: z.object({ file_data: z.string().nullish(), file_id: z.string().nullish(), filename: z.string().nullish() }),
  ...cacheable,
});

/** Not OpenAI's: the two ways in which others take a film. */
const videoUrlPartSchema = z.object({
  type: z.literal('video_url'),
  video_url: z.object({ url: z.string() }),
  ...cacheable,
});
const videoPartSchema = z.object({
  type: z.literal('input_video'),
  input_video: z.object({ data: z.string(), format: z.enum(['mp4', 'mov', 'avi', 'webm']) }),
  ...cacheable,
});

const textPartsSchema = z.discriminatedUnion('type', [textPartSchema]);
const userPartSchema = z.discriminatedUnion('type', [
  textPartSchema,
  imagePartSchema,
  audioPartSchema,
  filePartSchema,
  videoUrlPartSchema,
  videoPartSchema,
]);
const toolPartSchema = z.discriminatedUnion('type', [textPartSchema, imagePartSchema, filePartSchema]);
const assistantPartSchema = z.discriminatedUnion('type', [textPartSchema, refusalPartSchema]);

/** Where the type is absent it is a function's: many clients leave it out. */
const toolCallSchema = z.object({
  id: z.string(),
  type: z.enum(['function', 'custom']).nullish(),
  function: z.object({ name: z.string(), arguments: z.string() }).nullish(),
  custom: z.object({ name: z.string(), input: z.string() }).nullish(),
  extra_content: jsonObjectSchema.nullish(),
});

const name = z.string().nullish();

export const messageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), name, content: z.union([z.string(), z.array(textPartsSchema)]) }),
  z.object({ role: z.literal('user'), name, content: z.union([z.string(), z.array(userPartSchema)]) }),
  z.object({
    role: z.literal('assistant'),
    name,
    content: z.union([z.string(), z.array(assistantPartSchema)]).nullish(),
    refusal: z.string().nullish(),
    audio: z.object({ id: z.string() }).nullish(),
    tool_calls: z.array(toolCallSchema).nullish(),
    function_call: z.object({ name: z.string(), arguments: z.string() }).nullish(),
    reasoning_content: z.string().nullish(),
    reasoning: z.string().nullish(),
    reasoning_details: jsonArraySchema.nullish(),
    /** Pictures of an answer of ours, as it told them. */
    images: z.array(z.object({ image_url: z.object({ url: z.string() }), signature: z.string().nullish() })).nullish(),
  }),
  z.object({
    role: z.literal('tool'),
    name,
    tool_call_id: z.string(),
    content: z.union([z.string(), z.array(toolPartSchema)]),
  }),
  z.object({ role: z.literal('function'), name: z.string(), content: z.string().nullable() }),
]);

export type WireMessage = z.infer<typeof messageSchema>;
export type WireAssistantMessage = Extract<WireMessage, { role: 'assistant' }>;
export type WireToolCall = z.infer<typeof toolCallSchema>;
export type WireUserPart = z.infer<typeof userPartSchema>;
export type WireTextPart = z.infer<typeof textPartSchema>;
