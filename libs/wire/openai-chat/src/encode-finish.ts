import type { FinishReason } from '@sluice/contracts/chat-part';

export type WireFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call';

/** Clients look for calls only where the reason says so: an answer that called a tool did not just stop. */
export function encodeFinish(
  reason: FinishReason,
  answer: { hasToolCalls: boolean; isLegacyFunctions: boolean },
): WireFinishReason {
  const isCall = reason === 'tool-calls' || (reason === 'stop' && answer.hasToolCalls);
  if (isCall) return answer.isLegacyFunctions ? 'function_call' : 'tool_calls';
  return reason === 'content-filter' ? 'content_filter' : (reason as 'stop' | 'length');
}
