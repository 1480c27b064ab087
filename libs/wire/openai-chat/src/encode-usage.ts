import type { Usage } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';

/** Details that are not known are zero, as OpenAI has them; those it does not always send stay away. */
export function encodeUsage(usage: Usage): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.totalTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cachedInputTokens ?? 0,
      cache_write_tokens: usage.cacheWriteTokens,
      audio_tokens: usage.audioInputTokens ?? 0,
      image_tokens: usage.imageInputTokens,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens ?? 0,
      audio_tokens: usage.audioOutputTokens ?? 0,
      accepted_prediction_tokens: usage.acceptedPredictionTokens ?? 0,
      rejected_prediction_tokens: usage.rejectedPredictionTokens ?? 0,
    },
  };
}
