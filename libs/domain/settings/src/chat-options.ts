import { z } from 'zod';

const nameSchema = z.string().trim().min(1).max(200);

/** Gemini's own tools, by the names that its users know. */
export const builtInToolSchema = z.enum(['google_search', 'url_context', 'code_execution']);
export type BuiltInTool = z.infer<typeof builtInToolSchema>;

/** How text is told as if somebody typed it. Nothing comes later than `longestMs` after it was there. */
export const typingSchema = z.strictObject({
  characters: z.int().min(1).max(200).default(5),
  delayMs: z.int().min(1).max(1_000).default(20),
  longestMs: z.int().min(1).max(10_000).default(2_000),
});
export type Typing = z.infer<typeof typingSchema>;

/** Where thoughts are told: in a field of their own, in the text between `<think>` marks, or nowhere. */
export const thoughtsSchema = z.enum(['reasoning', 'think', 'none']);
export type Thoughts = z.infer<typeof thoughtsSchema>;

/** What an operator asks of chats beside what the client says. Absent: nothing. */
export const chatOptionsSchema = z
  .strictObject({
    reasoning: z
      .strictObject({
        effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']),
        /** -1 leaves it to the model; what the model refuses becomes the nearest that it takes. */
        budgetTokens: z.int().min(-1).max(1_000_000),
        includeText: z.boolean(),
      })
      .partial(),
    tools: z.array(builtInToolSchema).min(1).max(3),
    /** `alone`: the client's own built-in tools are left out where it declares functions: older models refuse both. */
    functions: z.enum(['beside', 'alone']),
    /** A function of this name is no function, but stands for the search: `googleSearch`. */
    searchFunction: nameSchema,
    responseModalities: z
      .array(z.enum(['TEXT', 'IMAGE', 'AUDIO']))
      .min(1)
      .max(3),
    /** `drop`: for models that refuse instructions. */
    system: z.enum(['keep', 'drop']),
    safetySettings: z.array(z.strictObject({ category: nameSchema, threshold: nameSchema })).max(20),
    /** `append`: what an answer was found in stands at its end, as Markdown. */
    sources: z.enum(['leave', 'append']),
    /** `gathered`: the upstream is asked for the whole answer, whatever the client wants. */
    upstreamStream: z.enum(['live', 'gathered']),
    typing: typingSchema,
    /** Of OpenAI's chat alone: the other dialects have a place for thoughts. */
    thoughts: thoughtsSchema,
    /** Elements of a website's markup that are taken out of answers, beside those that it always has. */
    filteredTags: z.array(z.string().regex(/^[a-z][\w:.-]{0,63}$/i)).max(50),
  })
  .partial();
export type ChatOptions = z.infer<typeof chatOptionsSchema>;

/** Names of models; `*` stands for anything. */
export const modelPatternsSchema = z.array(nameSchema).max(1_000);

/** What models are asked where the client says nothing. */
export const modelOptionsSchema = z
  .array(z.strictObject({ models: modelPatternsSchema.min(1), apply: chatOptionsSchema }))
  .max(200);

/** A model's name with the suffix stands for the model, asked so. */
export const modelSuffixSchema = z.strictObject({
  suffix: z.string().regex(/^[-@:+.~][\w\-.]{1,49}$/, "must begin with one of -@:+.~, such as '-search'"),
  models: modelPatternsSchema.min(1),
  isListed: z.boolean().default(true),
  apply: chatOptionsSchema.default({}),
});
export type ModelSuffix = z.infer<typeof modelSuffixSchema>;

export const modelSuffixesSchema = z
  .array(modelSuffixSchema)
  .max(50)
  .refine((rules) => new Set(rules.map(({ suffix }) => suffix)).size === rules.length, 'names a suffix twice');
