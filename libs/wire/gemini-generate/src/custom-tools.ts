import type { ChatRequest, Message, Tool } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { isJsonObject } from '@sluice/contracts/json-object';
import { parse } from './tool-input.js';

/** A tool that takes free text, as a function with one argument, and the way back. */
export interface WrappedTools {
  request: ChatRequest;
  restore(part: ChatPart): ChatPart;
}

export function wrapCustomTools(request: ChatRequest): WrappedTools {
  const names = new Set((request.tools ?? []).filter(({ type }) => type === 'custom').map(({ name }) => name));
  if (names.size === 0) return { request, restore: (part) => part };
  const { tools, toolChoice, messages } = request;
  const open = new Set<string>();
  return {
    request: {
      ...request,
      messages: messages.map(wrapCalls),
      ...(tools && { tools: tools.map(wrapTool) }),
      ...(toolChoice?.type === 'tool' && { toolChoice: { type: 'tool', name: toolChoice.name } }),
    },
    restore: (part) => {
      if (part.type === 'tool-input-start' && names.has(part.name)) {
        open.add(keyOf(part));
        return { ...part, custom: true };
      }
      // Google's arguments come in one piece.
      if (part.type === 'tool-input-delta' && open.has(keyOf(part))) return { ...part, delta: unwrap(part.delta) };
      return part;
    },
  };
}

function keyOf({ choice, index }: { choice: number; index: number }): string {
  return `${choice}.${index}`;
}

function wrapTool(tool: Tool): Tool {
  if (tool.type === 'function') return tool;
  const { name, description = '', format } = tool;
  const grammar = isJsonObject(format?.['grammar']) ? format['grammar'] : format;
  const definition = typeof grammar?.['definition'] === 'string' ? grammar['definition'] : undefined;
  return {
    type: 'function',
    name,
    description:
      definition === undefined ? description : `${description}\nThe input keeps to this grammar:\n${definition}`,
    inputSchema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
  };
}

function wrapCalls(message: Message): Message {
  if (message.role !== 'assistant') return message;
  const content = message.content.map((part) => {
    if (part.type !== 'tool-call' || part.custom !== true) return part;
    const { custom: _, ...call } = part;
    return { ...call, input: JSON.stringify({ input: part.input }) };
  });
  return { ...message, content };
}

function unwrap(json: string): string {
  const value = parse(json);
  return isJsonObject(value) && typeof value['input'] === 'string' ? value['input'] : json;
}
