import type { ChatRequest, Message } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { createHash } from 'node:crypto';

/** A request whose tools have names that vendors of this dialect take, and the way back. */
export interface AliasedTools {
  request: ChatRequest;
  /** The name as the client wrote it. */
  restore(part: ChatPart): ChatPart;
}

/** Other dialects allow longer names, and other characters. An alias is the same in every request. */
export function aliasTools(request: ChatRequest): AliasedTools {
  const names = (request.tools ?? []).map(({ name }) => name).filter((name) => !ALLOWED.test(name));
  if (names.length === 0) return { request, restore: (part) => part };
  const aliases = new Map(names.map((name) => [name, aliasOf(name)]));
  const originals = new Map([...aliases].map(([name, alias]) => [alias, name]));
  return {
    request: rename(request, (name) => aliases.get(name) ?? name),
    restore: (part) =>
      part.type === 'tool-input-start' ? { ...part, name: originals.get(part.name) ?? part.name } : part,
  };
}

const ALLOWED = /^[A-Za-z0-9_-]{1,64}$/;
const READABLE_LENGTH = 55;
const HASH_LENGTH = 8;

function aliasOf(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  return `${name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, READABLE_LENGTH)}_${hash}`;
}

type Rename = (name: string) => string;

function rename(request: ChatRequest, aliased: Rename): ChatRequest {
  const { tools, toolChoice, messages } = request;
  return {
    ...request,
    messages: messages.map((message) => renameCalls(message, aliased)),
    ...(tools && { tools: tools.map((tool) => ({ ...tool, name: aliased(tool.name) })) }),
    ...(toolChoice?.type === 'tool' && { toolChoice: { ...toolChoice, name: aliased(toolChoice.name) } }),
  };
}

function renameCalls(message: Message, aliased: Rename): Message {
  if (message.role === 'tool' && message.name !== undefined) return { ...message, name: aliased(message.name) };
  if (message.role !== 'assistant') return message;
  const content = message.content.map((part) =>
    part.type === 'tool-call' ? { ...part, name: aliased(part.name) } : part,
  );
  return { ...message, content };
}
