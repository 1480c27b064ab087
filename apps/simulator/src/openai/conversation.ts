import { describeAttachment } from './describe-attachment.js';
import type { ChatMessage } from './chat-request.js';

/** What the simulator reads out of the messages. */
export interface Conversation {
  /** The text of the last user message, markers included. */
  readonly prompt: string;
  /** One line for each image, sound or file in that message. */
  readonly attachments: readonly string[];
  /** The tool results given after it. */
  readonly toolResults: readonly { readonly id: string; readonly text: string }[];
}

export function readConversation(messages: readonly ChatMessage[]): Conversation {
  const position = messages.findLastIndex((message) => message.role === 'user');
  const content = messages[position]?.content;
  return {
    prompt: textOf(content),
    attachments: Array.isArray(content) ? content.flatMap(describeAttachment) : [],
    toolResults: messages.slice(position + 1).flatMap(toToolResult),
  };
}

/** The text of all messages, as the size of the prompt is reckoned from it. */
export function wholeText(messages: readonly ChatMessage[]): string {
  return messages.map((message) => textOf(message.content)).join('\n');
}

export function textOf(content: ChatMessage['content']): string {
  if (typeof content === 'string') return content;
  return content?.map((part) => part.text ?? '').join('') ?? '';
}

function toToolResult(message: ChatMessage): Conversation['toolResults'][number][] {
  if (message.role !== 'tool' && message.role !== 'function') return [];
  return [{ id: message.tool_call_id ?? message.name ?? '', text: textOf(message.content) }];
}
