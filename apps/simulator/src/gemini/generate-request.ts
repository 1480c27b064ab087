import { z } from 'zod';

const anyObject = z.record(z.string(), z.unknown());
const blobSchema = z.looseObject({ mimeType: z.string().min(1), data: z.base64() });

/** Data that is no text: of what type, and what it holds. */
const partSchema = z.looseObject({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  inlineData: blobSchema.optional(),
  fileData: z.looseObject({ fileUri: z.string(), mimeType: z.string().optional() }).optional(),
  functionCall: z.looseObject({ id: z.string().optional(), name: z.string(), args: anyObject.optional() }).optional(),
  functionResponse: z
    .looseObject({ id: z.string().optional(), name: z.string(), response: anyObject.optional() })
    .optional(),
  executableCode: anyObject.optional(),
  codeExecutionResult: anyObject.optional(),
  toolCall: anyObject.optional(),
  toolResponse: anyObject.optional(),
});

const contentSchema = z.looseObject({ role: z.string().optional(), parts: z.array(partSchema).optional() });

const declarationSchema = z.looseObject({
  name: z.string(),
  parameters: anyObject.optional(),
  parametersJsonSchema: z.unknown().optional(),
});

const toolSchema = z.looseObject({
  functionDeclarations: z.array(declarationSchema).optional(),
  googleSearch: z.unknown().optional(),
  urlContext: z.unknown().optional(),
  codeExecution: z.unknown().optional(),
});

const voiceSchema = z.looseObject({ prebuiltVoiceConfig: z.looseObject({ voiceName: z.string() }).optional() });
const speechSchema = z.looseObject({
  voiceConfig: voiceSchema.optional(),
  multiSpeakerVoiceConfig: z
    .looseObject({
      speakerVoiceConfigs: z.array(z.looseObject({ speaker: z.string().min(1), voiceConfig: voiceSchema.optional() })),
    })
    .optional(),
});

const configSchema = z.looseObject({
  stopSequences: z.array(z.string()).max(5).optional(),
  responseMimeType: z.enum(['text/plain', 'application/json', 'text/x.enum']).optional(),
  responseSchema: anyObject.optional(),
  responseJsonSchema: z.unknown().optional(),
  responseModalities: z.array(z.string()).optional(),
  imageConfig: z.looseObject({ aspectRatio: z.string().optional(), imageSize: z.string().optional() }).optional(),
  speechConfig: speechSchema.optional(),
  candidateCount: z.int().min(1).max(8).optional(),
  maxOutputTokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().min(0).max(1).optional(),
  topK: z.number().min(1).optional(),
  seed: z.int().min(-2_147_483_648).max(2_147_483_647).optional(),
  presencePenalty: z.number().min(-2).max(2).optional(),
  frequencyPenalty: z.number().min(-2).max(2).optional(),
  responseLogprobs: z.boolean().optional(),
  logprobs: z.int().min(0).max(20).optional(),
  thinkingConfig: z
    .looseObject({
      includeThoughts: z.boolean().optional(),
      thinkingBudget: z.int().optional(),
      thinkingLevel: z.enum(['MINIMAL', 'LOW', 'MEDIUM', 'HIGH']).optional(),
    })
    .optional(),
});

const callingSchema = z.looseObject({
  mode: z.enum(['MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED']).optional(),
  allowedFunctionNames: z.array(z.string()).optional(),
});

/** The fields of a request that change the reply, after their names were checked. */
export const generateRequestSchema = z.looseObject({
  contents: z.array(contentSchema).default([]),
  systemInstruction: contentSchema.optional(),
  tools: z.array(toolSchema).default([]),
  toolConfig: z.looseObject({ functionCallingConfig: callingSchema.optional() }).optional(),
  generationConfig: configSchema.default({}),
});

export type GenerateRequest = z.infer<typeof generateRequestSchema>;
export type Content = GenerateRequest['contents'][number];
export type Part = z.infer<typeof partSchema>;
export type Declaration = z.infer<typeof declarationSchema>;
export type GenerationConfig = GenerateRequest['generationConfig'];

export function declarationsOf({ tools }: GenerateRequest): Declaration[] {
  return tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
}
