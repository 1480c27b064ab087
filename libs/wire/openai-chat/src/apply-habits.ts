import type { ChatHabits } from '@sluice/contracts/chat-habits';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** The body in the words that this vendor knows. Without habits only this is mended: a limit that is told twice. */
export function applyHabits(body: JsonObject, habits: ChatHabits): JsonObject {
  const limited = nameLimit(body, habits.tokenLimit);
  const { messages } = limited;
  const isSpared = habits.reasoningContent !== 'omit' && habits.developerRole !== 'system';
  if (isSpared || !Array.isArray(messages)) return limited;
  return { ...limited, messages: messages.map((message) => applyToMessage(message, habits)) };
}

function nameLimit(body: JsonObject, name: ChatHabits['tokenLimit']): JsonObject {
  const { max_completion_tokens: newer, max_tokens: older, ...rest } = body;
  const limit = newer ?? older;
  if (limit == null) return body;
  const isTwofold = newer != null && older != null;
  if (name === undefined) return isTwofold ? { ...rest, max_completion_tokens: newer } : body;
  return { ...rest, [name]: limit };
}

function applyToMessage(message: Json, { reasoningContent, developerRole }: ChatHabits): Json {
  if (!isJsonObject(message)) return message;
  const { role } = message;
  if (role === 'developer' && developerRole === 'system') return { ...message, role: 'system' };
  if (role !== 'assistant' || reasoningContent !== 'omit') return message;
  const { reasoning_content: _text, reasoning: _other, reasoning_details: _details, ...rest } = message;
  return rest;
}
