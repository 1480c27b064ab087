import type { ChatPart, FinishReason } from '@sluice/contracts/chat-part';
import { isGooglesReason } from './decode-finish.js';

const REASONS: Record<FinishReason, string> = {
  stop: 'STOP',
  'tool-calls': 'STOP',
  length: 'MAX_TOKENS',
  'content-filter': 'SAFETY',
};

/** Google's own word where the upstream was Google. */
export function encodeFinish({ reason, native }: Extract<ChatPart, { type: 'finish' }>): string {
  return isGooglesReason(native) ? native : REASONS[reason];
}
