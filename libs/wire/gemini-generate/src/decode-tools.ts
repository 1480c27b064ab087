import type { ChatRequest, Tool, ToolChoice } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { present } from '@sluice/contracts/present';
import { decodeSchema } from './decode-schema.js';
import type { RequestNotes } from './request-notes.js';
import type { GenerateContentBody, WireFunction, WireTool, WireToolConfig } from './schema.js';

type DecodedTools = Pick<ChatRequest, 'tools' | 'toolChoice' | 'webSearch'>;

/** Functions and the search have equals elsewhere; Google's other tools have not. */
export function decodeTools(
  { tools: wire, toolConfig }: Pick<GenerateContentBody, 'tools' | 'toolConfig'>,
  notes: RequestNotes,
): DecodedTools {
  const tools = (wire ?? [])
    .flatMap(({ functionDeclarations }) => functionDeclarations ?? [])
    .map(decodeFunction(notes));
  const hasSearch = (wire ?? []).map((tool) => readBuiltIn(tool, notes)).some(Boolean);
  for (const name of Object.keys(toolConfig ?? {}))
    if (name !== 'functionCallingConfig') notes.ignore(`toolConfig.${name}`);
  return present({
    tools: tools.length === 0 ? undefined : tools,
    toolChoice: tools.length === 0 ? undefined : decodeToolChoice(toolConfig, notes),
    webSearch: hasSearch ? {} : undefined,
  });
}

const SEARCHES = new Set(['googleSearch', 'googleSearchRetrieval']);

/** Whether the tool is a search. */
function readBuiltIn(tool: WireTool, notes: RequestNotes): boolean {
  const names = Object.keys(tool).filter((name) => name !== 'functionDeclarations' && tool[name] != null);
  for (const name of names) if (!SEARCHES.has(name)) notes.demand(`tools[].${name}`);
  return names.some((name) => SEARCHES.has(name));
}

function decodeFunction(notes: RequestNotes): (wire: WireFunction) => Tool {
  return ({ name, description, parameters, parametersJsonSchema, response, responseJsonSchema, behavior }) => {
    notes.ignorePresent('tools[].functionDeclarations[].response', response ?? responseJsonSchema);
    notes.ignorePresent('tools[].functionDeclarations[].behavior', behavior);
    const inputSchema = parametersJsonSchema ?? (parameters == null ? undefined : decodeSchema(parameters));
    return { type: 'function', name, ...present({ description, inputSchema }) };
  };
}

function decodeToolChoice(config: WireToolConfig | null | undefined, notes: RequestNotes): ToolChoice | undefined {
  const { mode, allowedFunctionNames: names } = config?.functionCallingConfig ?? {};
  const [first, ...others] = names ?? [];
  const allowed = (names ?? []).map((name) => ({ type: 'function', function: { name } }));
  switch (mode?.toUpperCase()) {
    case undefined:
    case 'MODE_UNSPECIFIED':
      return undefined;
    case 'NONE':
      return { type: 'none' };
    case 'ANY':
      if (first === undefined) return { type: 'required' };
      return others.length === 0
        ? { type: 'tool', name: first }
        : { type: 'allowed', mode: 'required', tools: allowed };
    case 'VALIDATED':
      notes.ignore('toolConfig.functionCallingConfig.mode VALIDATED');
      return first === undefined ? { type: 'auto' } : { type: 'allowed', mode: 'auto', tools: allowed };
    case 'AUTO':
      return { type: 'auto' };
    default:
      throw unknownMode(mode ?? '');
  }
}

function unknownMode(mode: string): GatewayError {
  const param = 'toolConfig.functionCallingConfig.mode';
  const message = `Invalid value for '${param}': '${mode}'. Supported values are: 'AUTO', 'ANY', 'NONE', 'VALIDATED'.`;
  return new GatewayError('invalid_request', message, { param, reason: 'invalid_value' });
}
