import type { Usage } from '@sluice/contracts/chat-part';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';

/** Google counts thoughts beside the candidates and what tools fed in beside the prompt; here they are within. */
export function decodeUsage(usage: JsonObject): Usage {
  const thoughts = count(usage['thoughtsTokenCount']);
  const inputTokens = (count(usage['promptTokenCount']) ?? 0) + (count(usage['toolUsePromptTokenCount']) ?? 0);
  const outputTokens = (count(usage['candidatesTokenCount']) ?? 0) + (thoughts ?? 0);
  return {
    inputTokens,
    outputTokens,
    totalTokens: count(usage['totalTokenCount']) ?? inputTokens + outputTokens,
    ...present({
      cachedInputTokens: count(usage['cachedContentTokenCount']),
      reasoningTokens: thoughts,
      audioInputTokens: ofModality(usage['promptTokensDetails'], 'AUDIO'),
      audioOutputTokens: ofModality(usage['candidatesTokensDetails'], 'AUDIO'),
      imageInputTokens: ofModality(usage['promptTokensDetails'], 'IMAGE'),
    }),
  };
}

function ofModality(details: Json | undefined, modality: string): number | undefined {
  if (!Array.isArray(details)) return undefined;
  const found = details.find((detail) => isJsonObject(detail) && detail['modality'] === modality);
  return isJsonObject(found) ? count(found['tokenCount']) : undefined;
}

function count(value: Json | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 ? Math.round(value) : undefined;
}
