import type { Usage } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';

/** What this dialect counts as input leaves out what a cache gave or took. */
export function encodeUsage(usage: Usage): JsonObject {
  const read = usage.cachedInputTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  return {
    input_tokens: Math.max(0, usage.inputTokens - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: usage.outputTokens,
    output_tokens_details: usage.reasoningTokens === undefined ? null : { thinking_tokens: usage.reasoningTokens },
    server_tool_use: null,
  };
}

/** A whole answer tells more than the end of a stream. */
export function encodeWholeUsage(usage: Usage): JsonObject {
  return {
    ...encodeUsage(usage),
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWriteTokens ?? 0,
      ephemeral_1h_input_tokens: 0,
    },
    inference_geo: null,
    service_tier: 'standard',
    speed: null,
  };
}

/** For an upstream that does not count. */
export function estimatedUsage({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }): Usage {
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}
