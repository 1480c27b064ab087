import type { FinishReason } from '@sluice/contracts/chat-part';

export type WireFinishReason = 'stop' | 'STOP' | 'length' | 'tool_calls' | 'content_filter' | 'function_call';

/** Clients look for calls only where the reason says so: an answer that called a tool did not just stop. */
export function encodeFinish(
  reason: FinishReason,
  answer: { hasToolCalls: boolean; isLegacyFunctions: boolean; stopWord?: 'stop' | 'STOP' },
): WireFinishReason {
  const isCall = reason === 'tool-calls' || (reason === 'stop' && answer.hasToolCalls);
  if (isCall) return answer.isLegacyFunctions ? 'function_call' : 'tool_calls';
  if (reason === 'content-filter') return 'content_filter';
  return reason === 'stop' ? (answer.stopWord ?? 'stop') : 'length';
}
