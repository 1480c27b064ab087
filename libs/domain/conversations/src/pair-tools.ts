import type { Message, ToolCallContent } from '@sluice/contracts/chat';

/**
 * Leaves out calls that no result follows at once, and results that follow no call: an upstream refuses either, and
 * with it every later call of the conversation.
 */
export function pairTools(messages: readonly Message[]): Message[] {
  const paired: Message[] = [];
  for (let index = 0; index < messages.length; index += 1) {
    const message = messages[index];
    if (!message || message.role === 'tool') continue;
    if (message.role !== 'assistant') {
      paired.push(message);
      continue;
    }
    const results = resultsAfter(messages, index);
    const answered = new Set(results.map(({ toolCallId }) => toolCallId));
    const content = message.content.filter((part) => part.type !== 'tool-call' || answered.has(part.id));
    if (!content.some(isSaid)) continue;
    const called = new Set(content.filter(isCall).map(({ id }) => id));
    paired.push({ ...message, content }, ...results.filter(({ toolCallId }) => called.has(toolCallId)));
  }
  return paired;
}

function resultsAfter(messages: readonly Message[], index: number): Extract<Message, { role: 'tool' }>[] {
  const results: Extract<Message, { role: 'tool' }>[] = [];
  for (let next = messages[index + 1]; next?.role === 'tool'; next = messages[index + results.length + 1])
    results.push(next);
  return results;
}

function isCall(part: { type: string }): part is ToolCallContent {
  return part.type === 'tool-call';
}

/** Reasoning alone is no message. */
function isSaid({ type }: { type: string }): boolean {
  return type !== 'reasoning' && type !== 'redacted-reasoning';
}
