import { jsonObjectSchema } from '@sluice/contracts/json-object';
import { z } from 'zod';
import { contentSchema, instructionSchema } from './part-schema.js';

const functionSchema = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: jsonObjectSchema.nullish(),
  parametersJsonSchema: jsonObjectSchema.nullish(),
  response: jsonObjectSchema.nullish(),
  responseJsonSchema: jsonObjectSchema.nullish(),
  behavior: z.string().nullish(),
});

/** Each built-in tool is a member of its own; those not known yet are taken too. */
const toolSchema = z.looseObject({ functionDeclarations: z.array(functionSchema).nullish() });

const toolConfigSchema = z.looseObject({
  functionCallingConfig: z
    .object({
      mode: z.string().nullish(),
      allowedFunctionNames: z.array(z.string()).nullish(),
    })
    .nullish(),
});

const generationConfigSchema = z.object({
  temperature: z.number().min(0).max(2).nullish(),
  topP: z.number().min(0).max(1).nullish(),
  topK: z.number().min(0).nullish(),
  seed: z.int().nullish(),
  presencePenalty: z.number().min(-2).max(2).nullish(),
  frequencyPenalty: z.number().min(-2).max(2).nullish(),
  maxOutputTokens: z.int().min(1).nullish(),
  stopSequences: z.array(z.string()).max(5).nullish(),
  candidateCount: z.int().min(1).max(8).nullish(),
  responseLogprobs: z.boolean().nullish(),
  logprobs: z.int().min(0).max(20).nullish(),
  responseMimeType: z.string().nullish(),
  responseSchema: jsonObjectSchema.nullish(),
  responseJsonSchema: jsonObjectSchema.nullish(),
  responseModalities: z.array(z.string()).nullish(),
  thinkingConfig: z
    .object({
      includeThoughts: z.boolean().nullish(),
      thinkingBudget: z.int().min(-1).nullish(),
      thinkingLevel: z.string().nullish(),
    })
    .nullish(),
  speechConfig: jsonObjectSchema.nullish(),
  imageConfig: jsonObjectSchema.nullish(),
  mediaResolution: z.unknown().optional(),
  audioTranscriptionConfig: z.unknown().optional(),
  enableEnhancedCivicAnswers: z.boolean().nullish(),
});

/** The body of `generateContent` and `streamGenerateContent`, names in camelCase. A field may also be null, which means absent. */
export const generateContentSchema = z.object({
  contents: z.array(contentSchema).min(1),
  systemInstruction: instructionSchema.nullish(),
  tools: z.array(toolSchema).nullish(),
  toolConfig: toolConfigSchema.nullish(),
  safetySettings: z.array(jsonObjectSchema).nullish(),
  generationConfig: generationConfigSchema.nullish(),
  cachedContent: z.string().nullish(),
  serviceTier: z.string().nullish(),
  store: z.boolean().nullish(),
  /** Google's clients repeat it; the path decides. */
  model: z.string().nullish(),
});

/** The body of `countTokens`: either the contents, or a whole request. */
export const countTokensSchema = z.union([
  z.object({ generateContentRequest: generateContentSchema }),
  generateContentSchema,
]);

export type GenerateContentBody = z.infer<typeof generateContentSchema>;
export type GenerationConfig = z.infer<typeof generationConfigSchema>;
export type WireTool = z.infer<typeof toolSchema>;
export type WireFunction = z.infer<typeof functionSchema>;
export type WireToolConfig = z.infer<typeof toolConfigSchema>;
