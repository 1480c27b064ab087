import type { Usage } from '@sluice/contracts/chat-part';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';

/** Undefined for what is no usage: null, an empty object, a count that is not one. */
export function decodeUsage(value: Json | undefined): Usage | undefined {
  if (!isJsonObject(value)) return undefined;
  const inputTokens = count(value['prompt_tokens']) ?? count(value['input_tokens']);
  const outputTokens = count(value['completion_tokens']) ?? count(value['output_tokens']);
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const input = inputTokens ?? 0;
  const output = outputTokens ?? 0;
  const inputDetails = details(value, 'prompt_tokens_details');
  const outputDetails = details(value, 'completion_tokens_details');
  const reasoningTokens = count(outputDetails['reasoning_tokens']);
  const totalTokens = count(value['total_tokens']) ?? input + output;
  // Some vendors count reasoning beside the completion instead of in it; only their total tells.
  const isBeside = totalTokens > input + output && totalTokens === input + output + (reasoningTokens ?? 0);
  return {
    inputTokens: input,
    outputTokens: isBeside ? totalTokens - input : output,
    totalTokens,
    ...present({
      cachedInputTokens:
        count(inputDetails['cached_tokens']) ??
        count(value['prompt_cache_hit_tokens']) ??
        count(value['cached_tokens']),
      cacheWriteTokens: count(inputDetails['cache_write_tokens']),
      reasoningTokens,
      audioInputTokens: count(inputDetails['audio_tokens']),
      audioOutputTokens: count(outputDetails['audio_tokens']),
      imageInputTokens: count(inputDetails['image_tokens']),
      acceptedPredictionTokens: count(outputDetails['accepted_prediction_tokens']),
      rejectedPredictionTokens: count(outputDetails['rejected_prediction_tokens']),
    }),
  };
}

function details(usage: JsonObject, name: string): JsonObject {
  const value = usage[name];
  return isJsonObject(value) ? value : {};
}

function count(value: Json | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 ? Math.round(value) : undefined;
}
