import { jsonArraySchema, jsonObjectSchema } from '@sluice/contracts/json-object';
import { z } from 'zod';

/** The type is any string: what is neither a function nor a custom tool is OpenAI's own, and ignored. */
export const toolSchema = z.looseObject({
  type: z.string(),
  name: z.string().min(1).nullish(),
  description: z.string().nullish(),
  parameters: jsonObjectSchema.nullish(),
  strict: z.boolean().nullish(),
  format: jsonObjectSchema.nullish(),
});

const choiceByName = z.object({ type: z.enum(['function', 'custom']), name: z.string() });
const allowedToolsSchema = z.object({
  type: z.literal('allowed_tools'),
  mode: z.enum(['auto', 'required']),
  tools: jsonArraySchema,
});

/** A choice of a hosted tool cannot be kept: it is read, and refused by its name. */
const hostedChoiceSchema = z.object({
  // Aborting: otherwise this branch's complaint would stand for the whole union's.
  type: z.string().regex(/^(?!(?:function|custom|allowed_tools)$)/, { abort: true }),
});

export const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [choiceByName, allowedToolsSchema]),
  hostedChoiceSchema,
]);

export type WireTool = z.infer<typeof toolSchema>;
export type WireToolChoice = z.infer<typeof toolChoiceSchema>;
