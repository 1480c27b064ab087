import type { ChatRequest, Tool, ToolChoice } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { IgnoredFields } from './ignored-fields.js';
import { present } from '@sluice/contracts/present';
import type { ConversationBody, WireTool } from './schema.js';

type DecodedTools = Pick<ChatRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>;

/** A tool of a versioned type is Anthropic's own: no other upstream has it, so it is left out and named. */
export function decodeTools(
  body: Pick<ConversationBody, 'tools' | 'tool_choice'>,
  ignored: IgnoredFields,
): DecodedTools {
  const { tools: wire, tool_choice: choice } = body;
  const tools = wire?.flatMap((tool, index) => {
    ignored.note('tools[].cache_control', tool.cache_control);
    if (tool.type == null || tool.type === 'custom') return decodeTool(tool, `tools[${index}]`);
    ignored.add(`tools[${index}] of type ${tool.type}`);
    return [];
  });
  if (tools === undefined || tools.length === 0) {
    if (choice?.type === 'any' || choice?.type === 'tool') throw noTools();
    return {};
  }
  const isSingle = choice != null && choice.type !== 'none' && choice.disable_parallel_tool_use === true;
  return {
    tools,
    ...present({ toolChoice: decodeToolChoice(choice, tools) }),
    ...(isSingle && { parallelToolCalls: false }),
  };
}

function decodeTool({ name, description, input_schema: inputSchema, strict }: WireTool, field: string): Tool {
  if (name == null) throw missing(`${field}.name`);
  if (inputSchema == null) throw missing(`${field}.input_schema`);
  return { type: 'function', name, inputSchema, ...present({ description, strict }) };
}

function decodeToolChoice(choice: ConversationBody['tool_choice'], tools: readonly Tool[]): ToolChoice | undefined {
  if (choice == null) return undefined;
  if (choice.type === 'any') return { type: 'required' };
  if (choice.type !== 'tool') return { type: choice.type };
  if (tools.some(({ name }) => name === choice.name)) return { type: 'tool', name: choice.name };
  const param = 'tool_choice.name';
  throw new GatewayError('invalid_request', `${param}: the tool '${choice.name}' is not among the tools.`, { param });
}

function noTools(): GatewayError {
  const message = "tool_choice: it demands a tool, and 'tools' has none that can be served.";
  return new GatewayError('invalid_request', message, { param: 'tool_choice' });
}

function missing(param: string): GatewayError {
  const reason = 'missing_required_parameter';
  return new GatewayError('invalid_request', `Missing required parameter: '${param}'.`, { param, reason });
}
