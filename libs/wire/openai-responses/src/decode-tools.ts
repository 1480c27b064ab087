import type { ChatRequest, Tool, ToolChoice } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import type { ConversationBody } from './schema.js';
import type { WireTool } from './tool-schema.js';

type DecodedTools = Pick<ChatRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>;

/** A tool of another type would be run by OpenAI: it is left out and named, as clients offer many of them unasked. */
export function decodeTools(
  { tools: wire, tool_choice: choice, parallel_tool_calls: parallelToolCalls }: ConversationBody,
  ignored: Set<string>,
): DecodedTools {
  const tools = wire?.flatMap((tool, index) => decodeTool(tool, { index, ignored })) ?? [];
  const toolChoice = decodeToolChoice(choice, { tools, ignored });
  if (tools.length === 0) return {};
  return { tools, ...present({ toolChoice, parallelToolCalls }) };
}

function decodeTool(tool: WireTool, { index, ignored }: { index: number; ignored: Set<string> }): Tool[] {
  if (tool.type !== 'function' && tool.type !== 'custom') {
    ignored.add(`tools[${index}] of type ${tool.type}`);
    return [];
  }
  const { name, description, parameters: inputSchema, strict, format } = tool;
  if (name == null) throw missing(`tools[${index}].name`);
  if (tool.type === 'custom') return [{ type: 'custom', name, ...present({ description, format }) }];
  return [{ type: 'function', name, ...present({ description, inputSchema, strict }) }];
}

function decodeToolChoice(
  choice: ConversationBody['tool_choice'],
  { tools, ignored }: { tools: readonly Tool[]; ignored: Set<string> },
): ToolChoice | undefined {
  if (choice == null) return undefined;
  if (typeof choice === 'string') {
    if (choice === 'required' && tools.length === 0) throw noTools();
    return { type: choice };
  }
  if ('name' in choice) {
    if (!tools.some(({ name }) => name === choice.name)) throw unknownTool(choice.name);
    return { type: 'tool', name: choice.name, ...(choice.type === 'custom' && { custom: true as const }) };
  }
  if (!('mode' in choice)) throw hostedChoice(choice.type);
  return decodeAllowed(choice, { tools, ignored });
}

/** Other dialects nest a function's name: the internal form has it as they do. */
function decodeAllowed(
  { mode, tools: wanted }: { mode: 'auto' | 'required'; tools: unknown[] },
  { tools, ignored }: { tools: readonly Tool[]; ignored: Set<string> },
): ToolChoice {
  const names = wanted.map((tool) => (isJsonObject(tool) ? tool['name'] : undefined));
  const kept = tools.filter(({ name }) => names.includes(name));
  if (kept.length < wanted.length) ignored.add('tool_choice.tools that cannot be served');
  if (kept.length === 0) {
    if (mode === 'required') throw noTools();
    return { type: 'none' };
  }
  return { type: 'allowed', mode, tools: kept.map(({ type, name }) => ({ type, [type]: { name } })) };
}

function noTools(): GatewayError {
  const message = "tool_choice: it demands a tool, and 'tools' has none that can be served.";
  return new GatewayError('invalid_request', message, { param: 'tool_choice' });
}

function unknownTool(name: string): GatewayError {
  const message = `Tool choice '${name}' not found in 'tools' parameter.`;
  return new GatewayError('invalid_request', message, { param: 'tool_choice' });
}

function hostedChoice(type: string): GatewayError {
  const message = `tool_choice: a tool of type '${type}' cannot be run here.`;
  return new GatewayError('unsupported', message, { param: 'tool_choice' });
}

function missing(param: string): GatewayError {
  const reason = 'missing_required_parameter';
  return new GatewayError('invalid_request', `Missing required parameter: '${param}'.`, { param, reason });
}
