import type { Message } from '@sluice/contracts/chat';

/** One call of a conversation: what was new in it, and the answer. */
export interface Turn {
  sequence: number;
  createdAtMs: number;
  bytes: number;
  messages: Message[];
}
