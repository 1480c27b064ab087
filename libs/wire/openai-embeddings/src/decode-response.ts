import type { EmbedPart } from '@sluice/contracts/embedding';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import { z } from 'zod';
import { packVector } from './vector.js';

/** Only what is used: a vendor that adds to it, or ignores `encoding_format`, is fine. */
const answerSchema = z.object({
  model: z.string().nullish(),
  data: z.array(
    z.object({
      index: z.int().min(0).nullish(),
      embedding: z.union([z.string(), z.custom<number[]>(isNumbers)]),
    }),
  ),
  usage: z.object({ prompt_tokens: z.number().nullish(), total_tokens: z.number().nullish() }).nullish(),
});

/** The parts of an answer, in the order of the inputs. `count` is the number of inputs: fewer vectors are a bad answer. */
export function decodeResponse(json: Json, { count }: { count: number }): EmbedPart[] {
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success) throw badAnswer('The upstream sent something that is no list of embeddings.');
  const { model, data, usage } = parsed.data;
  if (data.length !== count) throw badAnswer(`The upstream sent ${data.length} embeddings for ${count} inputs.`);
  const parts: EmbedPart[] = [{ type: 'start', ...(model != null && model !== '' && { model }) }];
  data.forEach(({ index, embedding }, position) => {
    const base64 = typeof embedding === 'string' ? embedding : packVector(embedding);
    parts.push({ type: 'embedding', index: index ?? position, base64 });
  });
  const inputTokens = usage?.prompt_tokens ?? usage?.total_tokens;
  if (inputTokens == null) return parts;
  const totalTokens = usage?.total_tokens ?? inputTokens;
  return [...parts, { type: 'usage', usage: { inputTokens, outputTokens: 0, totalTokens } }];
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number');
}

function badAnswer(message: string): GatewayError {
  return new GatewayError('upstream_bad_answer', message, { saw: 'unknown' });
}
