import type { Part } from '@sluice/contracts/part';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { z } from 'zod';
import type { DialectEndpoint, StreamEncoder } from '../generations/dialect-endpoint.js';

const LEVELS = ['short', 'medium', 'long'] as const;
const LENGTHS = [10, 15, 20] as const;

const lengthSchema = z.union([z.literal(LENGTHS), z.enum(['10', '15', '20']).transform(Number)]);

/** `duration` as one of the old gateways has it, `duration_s` as another. */
export const enhanceSchema = z.object({
  prompt: z.string().trim().min(1).max(32_000),
  expansion_level: z.enum(LEVELS).nullish(),
  duration: lengthSchema.nullish(),
  duration_s: lengthSchema.nullish(),
});

/** `POST /v1/enhance_prompt`: a conversation with one of the models of that name. */
export const enhanceEndpoint: DialectEndpoint = (body) => {
  const parsed = enhanceSchema.safeParse(body);
  if (!parsed.success) throw schemaError(parsed.error, body);
  const { prompt, expansion_level: level, duration, duration_s: other } = parsed.data;
  const model = `prompt-enhance-${level ?? 'medium'}-${duration ?? other ?? LENGTHS[0]}s`;
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: prompt }] }];
  return {
    dialect: 'openai-chat',
    input: { kind: 'chat', request: { model, messages } },
    isStreamed: false,
    ignored: [],
    openStream: neverStreamed,
    encodeWhole: (parts) => ({ original_prompt: prompt, enhanced_prompt: textOf(parts) }),
  };
};

function textOf(parts: readonly Part[]): string {
  return parts
    .map((part) => (part.type === 'text-delta' ? part.text : ''))
    .join('')
    .trim();
}

function neverStreamed(): StreamEncoder {
  throw new Error('A better prompt comes whole.');
}
