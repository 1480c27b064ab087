import { z } from 'zod';
import { jsonArraySchema, jsonObjectSchema } from '@sluice/contracts/json-object';

const functionShape = {
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: jsonObjectSchema.nullish(),
};

/** A deprecated `functions` entry. */
export const functionSchema = z.object(functionShape);

/** The type is any string: a vendor's own tools are left to the vendor. */
export const toolSchema = z.object({
  type: z.string(),
  function: z.object({ ...functionShape, strict: z.boolean().nullish() }).nullish(),
  custom: z
    .object({ name: z.string().min(1), description: z.string().nullish(), format: jsonObjectSchema.nullish() })
    .nullish(),
});

const named = z.object({ name: z.string() });

export const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('function'), function: named }),
    z.object({ type: z.literal('custom'), custom: named }),
    z.object({
      type: z.literal('allowed_tools'),
      allowed_tools: z.object({ mode: z.enum(['auto', 'required']), tools: jsonArraySchema }),
    }),
  ]),
]);

export const functionCallSchema = z.union([z.enum(['none', 'auto']), named]);

export type WireTool = z.infer<typeof toolSchema>;
export type WireFunction = z.infer<typeof functionSchema>;
export type WireToolChoice = z.infer<typeof toolChoiceSchema>;
