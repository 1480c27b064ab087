import type { FinishReason } from '@sluice/contracts/chat-part';

const REASONS = new Map(
  Object.entries<FinishReason>({
    STOP: 'stop',
    MAX_TOKENS: 'length',
    SAFETY: 'content-filter',
    RECITATION: 'content-filter',
    LANGUAGE: 'content-filter',
    BLOCKLIST: 'content-filter',
    PROHIBITED_CONTENT: 'content-filter',
    SPII: 'content-filter',
    IMAGE_SAFETY: 'content-filter',
    IMAGE_PROHIBITED_CONTENT: 'content-filter',
    IMAGE_RECITATION: 'content-filter',
    IMAGE_OTHER: 'content-filter',
  }),
);

/** The model failed at its own format: no other dialect has a word for it. */
const FAULTS = new Set([
  'MALFORMED_FUNCTION_CALL',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MISSING_THOUGHT_SIGNATURE',
  'MALFORMED_RESPONSE',
]);

export function isFault(native: string): boolean {
  return FAULTS.has(native);
}

/** Whether Google has this word; other vendors' words are written otherwise. */
export function isGooglesReason(native: string | undefined): native is string {
  return (
    native !== undefined && (REASONS.has(native) || FAULTS.has(native) || native === 'OTHER' || native === 'NO_IMAGE')
  );
}

/** A call ends with an ordinary STOP; a reason that we do not know is an ordinary end. */
export function decodeFinish(native: string, { hasToolCalls }: { hasToolCalls: boolean }): FinishReason {
  const reason = REASONS.get(native) ?? 'stop';
  return reason === 'stop' && hasToolCalls ? 'tool-calls' : reason;
}

/** How the refusal of a prompt, which has no candidate, stands in a `finish`. */
const BLOCKED_PROMPT = 'blockReason:';

export function toBlockedPrompt(blockReason: string): string {
  return BLOCKED_PROMPT + blockReason;
}

export function fromBlockedPrompt(native: string | undefined): string | undefined {
  return native?.startsWith(BLOCKED_PROMPT) ? native.slice(BLOCKED_PROMPT.length) : undefined;
}
