import { jsonObjectSchema } from '@sluice/contracts/json-object';
import { z } from 'zod';

const blobSchema = z.object({ mimeType: z.string().min(1), data: z.string() });

export const partSchema = z.object({
  text: z.string().nullish(),
  inlineData: blobSchema.nullish(),
  fileData: z.object({ mimeType: z.string().nullish(), fileUri: z.string().min(1) }).nullish(),
  functionCall: z
    .object({ id: z.string().nullish(), name: z.string().min(1), args: jsonObjectSchema.nullish() })
    .nullish(),
  functionResponse: z
    .object({
      id: z.string().nullish(),
      name: z.string().min(1),
      response: jsonObjectSchema.nullish(),
      parts: z.array(z.object({ inlineData: blobSchema.nullish() })).nullish(),
    })
    .nullish(),
  executableCode: jsonObjectSchema.nullish(),
  codeExecutionResult: jsonObjectSchema.nullish(),
  toolCall: jsonObjectSchema.nullish(),
  toolResponse: jsonObjectSchema.nullish(),
  audioTranscription: z.unknown().optional(),
  thought: z.boolean().nullish(),
  thoughtSignature: z.string().nullish(),
  videoMetadata: jsonObjectSchema.nullish(),
  mediaResolution: z.unknown().optional(),
  partMetadata: jsonObjectSchema.nullish(),
});

export const contentSchema = z.object({
  role: z.enum(['user', 'model', 'function', 'system']).nullish(),
  parts: z.array(partSchema).nullish(),
});

/** A prompt of the system's: its role says nothing, and some clients send a string. */
export const instructionSchema = z.union([z.string(), z.object({ parts: z.array(partSchema).nullish() })]);

export type WirePart = z.infer<typeof partSchema>;
export type WireContent = z.infer<typeof contentSchema>;
export type WireBlob = z.infer<typeof blobSchema>;
export type WireFunctionResponse = NonNullable<WirePart['functionResponse']>;
