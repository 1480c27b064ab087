import type { ChatRequest, Tool, ToolChoice } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** Functions in one tool, each built-in tool in one of its own. */
export function encodeTools({
  tools = [],
  webSearch,
}: Pick<ChatRequest, 'tools' | 'webSearch'>): JsonObject[] | undefined {
  const encoded: JsonObject[] = [];
  if (tools.length > 0) encoded.push({ functionDeclarations: tools.map(encodeFunction) });
  if (webSearch !== undefined) encoded.push({ googleSearch: {} });
  return encoded.length === 0 ? undefined : encoded;
}

export function encodeToolChoice(choice: ToolChoice | undefined): JsonObject | undefined {
  return choice && { functionCallingConfig: encodeChoice(choice) };
}

/** JSON Schema goes as it is: only the older `parameters` knows no more than a part of OpenAPI's. */
function encodeFunction(tool: Tool, index: number): JsonObject {
  if (tool.type === 'custom') {
    const param = `tools[${index}]`;
    const message = `${param}: the model takes only functions with JSON arguments, no tools of free text.`;
    throw new GatewayError('unsupported', message, { param });
  }
  const { name, description, inputSchema } = tool;
  return { name, description, parametersJsonSchema: inputSchema };
}

const MODES = { none: 'NONE', auto: 'AUTO', required: 'ANY' };

function encodeChoice(choice: ToolChoice): JsonObject {
  if (choice.type === 'tool') return { mode: 'ANY', allowedFunctionNames: [choice.name] };
  if (choice.type !== 'allowed') return { mode: MODES[choice.type] };
  const names = choice.tools.map(nameOf).filter((name) => name !== undefined);
  // Names can only be told to a model that has to call: VALIDATED may also answer.
  return { mode: choice.mode === 'required' ? 'ANY' : 'VALIDATED', allowedFunctionNames: names };
}

function nameOf(tool: JsonObject): string | undefined {
  const own = isJsonObject(tool['function']) ? tool['function']['name'] : tool['name'];
  return typeof own === 'string' ? own : undefined;
}
