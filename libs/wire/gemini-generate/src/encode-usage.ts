import type { Usage } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';

/** Google counts thoughts beside the candidates, not in them. */
export function encodeUsage(usage: Usage): JsonObject {
  const { inputTokens, outputTokens, totalTokens, reasoningTokens, cachedInputTokens } = usage;
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: Math.max(0, outputTokens - (reasoningTokens ?? 0)),
    totalTokenCount: totalTokens,
    thoughtsTokenCount: reasoningTokens,
    cachedContentTokenCount: cachedInputTokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: inputTokens }],
  };
}
