import type { Fault } from '../faults/fault.js';
import type { ChatRequest, ChatTool } from './chat-request.js';
import type { Conversation } from './conversation.js';
import { sampleJson } from './sample-json.js';

export interface ToolCall {
  readonly id: string;
  readonly type: 'function' | 'custom';
  readonly name: string;
  /** A function's arguments as JSON text, or a custom tool's input. */
  readonly input: string;
}

/** Calls the offered tools in turn, once unless a marker says otherwise; never again after their results came. */
export function chooseToolCalls(
  request: ChatRequest,
  conversation: Conversation,
  fault: Fault | undefined,
): ToolCall[] {
  if (request.tools === undefined || conversation.toolResults.length > 0 || fault?.echoRequest) return [];
  const offered = allowedTools(request.tools, request.tool_choice);
  const wanted = offered.length === 0 ? 0 : (fault?.tools ?? 1);
  const count = request.parallel_tool_calls === false ? Math.min(wanted, 1) : wanted;
  return Array.from({ length: count }, (_, index) => toCall(offered[index % offered.length], index)).filter(
    (call) => call !== undefined,
  );
}

function allowedTools(tools: readonly ChatTool[], choice: ChatRequest['tool_choice']): readonly ChatTool[] {
  if (choice === 'none') return [];
  if (choice === undefined || typeof choice === 'string') return tools;
  if (choice.type === 'function') return tools.filter((tool) => nameOf(tool) === choice.function.name);
  if (choice.type === 'custom') return tools.filter((tool) => nameOf(tool) === choice.custom.name);
  const names = choice.allowed_tools.tools.map((tool) => tool.function?.name ?? tool.custom?.name);
  return tools.filter((tool) => names.includes(nameOf(tool)));
}

function nameOf(tool: ChatTool): string {
  return tool.type === 'function' ? tool.function.name : tool.custom.name;
}

let lastCall = 0;

function toCall(tool: ChatTool | undefined, index: number): ToolCall | undefined {
  if (tool === undefined) return undefined;
  lastCall += 1;
  const identity = { id: `call_sim${lastCall.toString(36).padStart(8, '0')}`, type: tool.type, name: nameOf(tool) };
  if (tool.type === 'custom') return { ...identity, input: `simulated input ${index + 1}` };
  return {
    ...identity,
    input: JSON.stringify(sampleJson(tool.function.parameters ?? { type: 'object' }, identity.name)),
  };
}
