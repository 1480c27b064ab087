import type { ModerationRequest } from '@sluice/contracts/moderation';
import type { JsonObject } from '@sluice/contracts/json';
import { jsonObjectSchema } from '@sluice/contracts/json-object';
import type { Part } from '@sluice/contracts/part';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { z } from 'zod';

/** The body of `POST /v1/moderations`: a text, texts, or parts with texts and pictures. */
export const moderationSchema = z.object({
  input: z.union([z.string(), z.array(z.string()).min(1), z.array(jsonObjectSchema).min(1)]),
  model: z.string().min(1).nullish(),
});

/** OpenAI's own default. */
const DEFAULT_MODEL = 'omni-moderation-latest';

/** Throws `invalid_request`, naming the field as the client wrote it. */
export function decodeModeration(body: unknown): { request: ModerationRequest; ignored: string[] } {
  const parsed = moderationSchema.safeParse(body);
  if (!parsed.success) throw schemaError(parsed.error, body);
  const { input, model } = parsed.data;
  const ignored = Object.keys(body as JsonObject).filter((name) => !(name in moderationSchema.shape));
  return { request: { model: model ?? DEFAULT_MODEL, input }, ignored };
}

export function encodeModeration(parts: readonly Part[], { id, model }: { id: string; model: string }): JsonObject {
  const results = parts.flatMap((part) => (part.type === 'verdicts' ? part.results : []));
  return { id, model, results };
}
