import type { ChatMessage, ChatRequest } from './chat-request.js';
import type { ToolCall } from './choose-tool-calls.js';
import { textOf } from './conversation.js';

const TOOL_LINE = /^\{"name":.*\}$/gm;
const RESULT = /<tool_result id="([^"]*)">([\s\S]*?)<\/tool_result>/g;
const MARK = '<tool_call>';

/** The same request with real tools, where its client has told of them in words: a model reads both alike. */
export function withRealTools(request: ChatRequest): ChatRequest {
  const told = request.messages.find(({ role, content }) => role === 'system' && textOf(content).includes(MARK));
  const lines = told === undefined ? [] : (textOf(told.content).match(TOOL_LINE) ?? []);
  const tools = lines.flatMap((line) => toTool(line));
  const messages = request.messages.filter((message) => message !== told).flatMap(withRealResults);
  return tools.length === 0 ? { ...request, messages } : { ...request, messages, tools };
}

/** Calls as such a model writes them. */
export function writeCalls(calls: readonly ToolCall[]): string {
  return calls.map(({ name, input }) => `${MARK}{"name":"${name}","arguments":${input}}</tool_call>`).join('\n');
}

function toTool(line: string): NonNullable<ChatRequest['tools']> {
  try {
    const { name, parameters } = JSON.parse(line) as { name?: unknown; parameters?: unknown };
    return typeof name === 'string' ? [{ type: 'function', function: { name, parameters } }] : [];
  } catch {
    return [];
  }
}

function withRealResults(message: ChatMessage): ChatMessage[] {
  const results = message.role === 'user' ? [...textOf(message.content).matchAll(RESULT)] : [];
  if (results.length === 0) return [message];
  return results.map(([, id = '', text = '']) => ({ role: 'tool', tool_call_id: id, content: text }));
}
