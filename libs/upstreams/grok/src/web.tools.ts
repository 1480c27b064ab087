import type { ChatRequest, Tool } from '@sluice/contracts/chat';
import { present } from '@sluice/contracts/present';

export const CALL_OPENING = '<tool_call>';
export const CALL_CLOSING = '</tool_call>';

/** The tools that the model may call; none where it must not. */
export function offeredTools({ tools = [], toolChoice }: Pick<ChatRequest, 'tools' | 'toolChoice'>): readonly Tool[] {
  if (toolChoice?.type === 'none') return [];
  if (toolChoice?.type === 'tool') return tools.filter(({ name }) => name === toolChoice.name);
  if (toolChoice?.type !== 'allowed') return tools;
  const allowed = new Set(toolChoice.tools.map(nameOf));
  return tools.filter(({ name }) => allowed.has(name));
}

/** The site has no tools of its clients': it is told of them in words, and how to ask for a call. */
export function describeTools(request: Pick<ChatRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>): string {
  const tools = offeredTools(request);
  if (tools.length === 0) return '';
  return [
    'You can call these tools of the user, and no others:',
    ...tools.map((tool) => JSON.stringify(describe(tool))),
    'To call one, write exactly this, with nothing around it, and then stop; its result comes with the next message:',
    `${CALL_OPENING}{"name":"NAME","arguments":{…}}${CALL_CLOSING}`,
    request.parallelToolCalls === false ? 'Make at most one call.' : 'For several calls write it several times.',
    ...mustCall(request),
  ].join('\n');
}

/** As the model itself would have written it. */
export function writeCall({ name, input }: { name: string; input: string }): string {
  return `${CALL_OPENING}{"name":${JSON.stringify(name)},"arguments":${input.trim() || '{}'}}${CALL_CLOSING}`;
}

function describe(tool: Tool) {
  const { name, description } = tool;
  const parameters =
    tool.type === 'function'
      ? tool.inputSchema
      : { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] };
  return present({ name, description, parameters });
}

function mustCall({ toolChoice }: Pick<ChatRequest, 'toolChoice'>): string[] {
  if (toolChoice?.type === 'tool') return [`Call ${toolChoice.name} now.`];
  const isRequired =
    toolChoice?.type === 'required' || (toolChoice?.type === 'allowed' && toolChoice.mode === 'required');
  return isRequired ? ['Call at least one of them now.'] : [];
}

/** `{type:"function",function:{name}}`, or with the name beside the type. */
function nameOf(tool: Readonly<Record<string, unknown>>): unknown {
  const own = tool['function'];
  return typeof own === 'object' && own !== null && 'name' in own ? own.name : tool['name'];
}
