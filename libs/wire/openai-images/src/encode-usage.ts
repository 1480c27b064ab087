import type { JsonObject } from '@sluice/contracts/json';
import type { ImageFacts } from './image-facts.js';

/** All members, which streams need whether they are known or not. */
export const NO_USAGE = encodeUsage({});

export function encodeUsage(usage: NonNullable<ImageFacts['usage']>): JsonObject {
  const { inputTokens = 0, outputTokens = 0, imageInputTokens = 0 } = usage;
  return {
    input_tokens: inputTokens,
    input_tokens_details: {
      image_tokens: imageInputTokens,
      text_tokens: usage.textInputTokens ?? Math.max(0, inputTokens - imageInputTokens),
    },
    output_tokens: outputTokens,
    total_tokens: usage.totalTokens ?? inputTokens + outputTokens,
  };
}
