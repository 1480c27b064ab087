import type { ChatRequest, Message } from '@sluice/contracts/chat';
import type { NativeBody } from '@sluice/contracts/generation';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { pairTools } from '@sluice/domain-conversations/pair-tools';
import { encodeMessages } from '@sluice/wire-openai-chat/encode-messages';

/** The messages that a conversation remembers of a call: its instructions are told anew each time. */
export function newMessages({ messages }: ChatRequest): Message[] {
  return messages.slice(countInstructions(messages));
}

/** What was said before, put after the instructions and before what is new. */
export function joinHistory(messages: readonly Message[], history: readonly Message[]): Message[] {
  const count = countInstructions(messages);
  return [...messages.slice(0, count), ...history, ...messages.slice(count)];
}

/** `history` without what the new messages leave in the air. */
export function fitHistory(history: readonly Message[], following: readonly Message[]): Message[] {
  const end = following.findIndex(({ role }) => role !== 'tool');
  const results = new Set(end === -1 ? following : following.slice(0, end));
  return pairTools([...history, ...results]).filter((message) => !results.has(message));
}

/** The same in the client's own body, from which an upstream that speaks its dialect starts. */
export function joinNativeHistory(native: NativeBody, history: readonly Message[]): NativeBody {
  if (native.dialect !== 'openai-chat') return native;
  const { session_id: _session, user_id: _user, messages, ...body } = native.body;
  const own: readonly Json[] = Array.isArray(messages) ? messages : [];
  const count = countInstructions(own as unknown as readonly { role: string }[]);
  const joined = [...own.slice(0, count), ...encodeMessages(history), ...own.slice(count)];
  return { dialect: native.dialect, body: { ...body, messages: joined } satisfies JsonObject };
}

function countInstructions(messages: readonly { role: string }[]): number {
  const count = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  return count === -1 ? messages.length : count;
}
