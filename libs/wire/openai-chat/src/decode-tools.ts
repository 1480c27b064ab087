import type { Tool, ToolChoice } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import type { ChatCompletionBody } from './schema.js';
import type { WireFunction, WireTool } from './tool-schema.js';

/** A tool of a type that is not ours is the vendor's own: it goes to `ignored`, and on in the native body. */
export function decodeTools(tools: ChatCompletionBody['tools'], ignored: string[]): Tool[] | undefined {
  if (tools == null) return undefined;
  return tools.flatMap((tool, index) => {
    const decoded = decodeTool(tool, index);
    if (decoded === undefined) ignored.push(`tools[${index}]`);
    return decoded ?? [];
  });
}

export function decodeFunctions(functions: ChatCompletionBody['functions']): Tool[] | undefined {
  return functions?.map(decodeFunction);
}

export function decodeToolChoice(choice: ChatCompletionBody['tool_choice']): ToolChoice | undefined {
  if (choice == null) return undefined;
  if (typeof choice === 'string') return { type: choice };
  if (choice.type === 'function') return { type: 'tool', name: choice.function.name };
  if (choice.type === 'custom') return { type: 'tool', name: choice.custom.name, custom: true };
  const { mode, tools } = choice.allowed_tools;
  return { type: 'allowed', mode, tools: tools as JsonObject[] };
}

export function decodeFunctionCall(call: ChatCompletionBody['function_call']): ToolChoice | undefined {
  if (call == null) return undefined;
  return typeof call === 'string' ? { type: call } : { type: 'tool', name: call.name };
}

function decodeTool(tool: WireTool, index: number): Tool | undefined {
  if (tool.type === 'function') {
    if (tool.function == null) throw missing(`tools[${index}].function`);
    return { ...decodeFunction(tool.function), ...present({ strict: tool.function.strict }) };
  }
  if (tool.type !== 'custom') return undefined;
  if (tool.custom == null) throw missing(`tools[${index}].custom`);
  const { name, description, format } = tool.custom;
  return { type: 'custom', ...present({ name, description, format }) };
}

function decodeFunction({ name, description, parameters }: WireFunction): Extract<Tool, { type: 'function' }> {
  return { type: 'function', ...present({ name, description, inputSchema: parameters }) };
}

function missing(param: string): GatewayError {
  const reason = 'missing_required_parameter';
  return new GatewayError('invalid_request', `Missing required parameter: '${param}'.`, { param, reason });
}
