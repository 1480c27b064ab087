import type { FinishReason } from '@sluice/contracts/chat-part';

const REASONS = new Map(
  Object.entries<FinishReason>({
    stop: 'stop',
    end_turn: 'stop',
    eos: 'stop',
    length: 'length',
    max_tokens: 'length',
    model_length: 'length',
    tool_calls: 'tool-calls',
    tool_use: 'tool-calls',
    function_call: 'tool-calls',
    content_filter: 'content-filter',
    safety: 'content-filter',
    recitation: 'content-filter',
    sensitive: 'content-filter',
  }),
);

/** A vendor's word for the end. What was called decides over what was said; a word we do not know is an ordinary end. */
export function decodeFinish(native: string, { hasToolCalls }: { hasToolCalls: boolean }): FinishReason {
  const reason = REASONS.get(native.toLowerCase()) ?? 'stop';
  if (reason === 'stop' && hasToolCalls) return 'tool-calls';
  return reason === 'tool-calls' && !hasToolCalls ? 'stop' : reason;
}
