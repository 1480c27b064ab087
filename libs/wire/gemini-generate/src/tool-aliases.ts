import type { ChatRequest, Message } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { createHash } from 'node:crypto';
import { wrapCustomTools } from './custom-tools.js';

/** A request whose tools Gemini takes, and the way back. */
export interface AliasedTools {
  request: ChatRequest;
  /** The call as the client knows its tool; to be given every part of one answer. */
  restore(part: ChatPart): ChatPart;
}

/** Other dialects allow tools of free text, and names that begin with a digit or are longer. An alias is the same in every request. */
export function aliasTools(asked: ChatRequest): AliasedTools {
  const { request, restore } = wrapCustomTools(asked);
  const { request: aliased, restore: rename } = aliasNames(request);
  return { request: aliased, restore: (part) => restore(rename(part)) };
}

function aliasNames(request: ChatRequest): AliasedTools {
  const names = (request.tools ?? []).map(({ name }) => name).filter((name) => !ALLOWED.test(name));
  if (names.length === 0) return { request, restore: (part) => part };
  const aliases = new Map(names.map((name) => [name, aliasOf(name)]));
  const originals = new Map([...aliases].map(([name, alias]) => [alias, name]));
  const { tools, toolChoice, messages } = request;
  const aliased = (name: string) => aliases.get(name) ?? name;
  return {
    request: {
      ...request,
      messages: messages.map((message) => renameCalls(message, aliased)),
      ...(tools && { tools: tools.map((tool) => ({ ...tool, name: aliased(tool.name) })) }),
      ...(toolChoice?.type === 'tool' && { toolChoice: { ...toolChoice, name: aliased(toolChoice.name) } }),
    },
    restore: (part) =>
      part.type === 'tool-input-start' ? { ...part, name: originals.get(part.name) ?? part.name } : part,
  };
}

/** 64 is what every model takes; newer ones take twice as much. */
const ALLOWED = /^[A-Za-z_][\w.:-]{0,63}$/;
const READABLE_LENGTH = 54;
const HASH_LENGTH = 8;

function aliasOf(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  return `_${name.replaceAll(/[^\w.:-]/g, '_').slice(0, READABLE_LENGTH)}_${hash}`;
}

function renameCalls(message: Message, aliased: (name: string) => string): Message {
  if (message.role === 'tool' && message.name !== undefined) return { ...message, name: aliased(message.name) };
  if (message.role !== 'assistant') return message;
  const content = message.content.map((part) =>
    part.type === 'tool-call' ? { ...part, name: aliased(part.name) } : part,
  );
  return { ...message, content };
}
