import type { ChatRequest, Message, Tool, ToolCallContent } from '@sluice/contracts/chat';
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
export function writeCall({ name, input, custom }: Pick<ToolCallContent, 'name' | 'input' | 'custom'>): string {
  const given = custom === true ? JSON.stringify({ input }) : input.trim() || '{}';
  return `${CALL_OPENING}{"name":${JSON.stringify(name)},"arguments":${given}}${CALL_CLOSING}`;
}

export function writeResult(toolCallId: string, text: string): string {
  return `<tool_result id="${toolCallId}">${text}</tool_result>`;
}

/** The same conversation for an upstream that knows no tools: they are described, called and answered in words. */
export function speakTools(request: ChatRequest): ChatRequest {
  const { tools: _tools, toolChoice: _choice, parallelToolCalls: _parallel, messages, ...rest } = request;
  const description = describeTools(request);
  const spoken = joinResults(messages.map(speakMessage));
  const told: Message[] =
    description === '' ? [] : [{ role: 'system', content: [{ type: 'text', text: description }] }];
  return { ...rest, messages: [...told, ...spoken] };
}

function speakMessage(message: Message): Message {
  if (message.role === 'tool') {
    const text = message.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    const media = message.content.filter((part) => part.type !== 'text');
    return { role: 'user', content: [{ type: 'text', text: writeResult(message.toolCallId, text) }, ...media] };
  }
  if (message.role !== 'assistant') return message;
  const content = message.content.map((part) =>
    part.type === 'tool-call' ? ({ type: 'text', text: writeCall(part) } as const) : part,
  );
  return { ...message, content };
}

/** Results of calls that were made side by side come in one message: roles take turns. */
function joinResults(messages: readonly Message[]): Message[] {
  const joined: Message[] = [];
  for (const message of messages) {
    const before = joined.at(-1);
    if (message.role === 'user' && before?.role === 'user' && isResult(message) && isResult(before))
      joined[joined.length - 1] = { ...before, content: [...before.content, ...message.content] };
    else joined.push(message);
  }
  return joined;
}

function isResult({ content }: Message): boolean {
  const [first] = content;
  return first?.type === 'text' && first.text.startsWith('<tool_result ');
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
