import type { AssistantContent, MediaSource, Message, Tool, UserContent } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';

/** The conversation as the items of a response's input. */
export function encodeInput(messages: readonly Message[]): JsonObject[] {
  return messages.flatMap((message) => {
    if (message.role === 'assistant') return encodeAssistant(message.content);
    if (message.role === 'tool') {
      const output = message.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
      return [{ type: 'function_call_output', call_id: message.toolCallId, output }];
    }
    const role = message.role === 'developer' ? 'system' : message.role;
    return [{ role, content: message.content.map(encodeContent) }];
  });
}

/** The client's own functions, beside the server's tools. */
export function encodeSearchTools(tools: readonly Tool[]): JsonObject[] {
  return tools.map((tool) => {
    if (tool.type === 'custom')
      throw new GatewayError('unsupported', 'The upstream has functions alone.', { saw: 'nothing', param: 'tools' });
    const { name, description, inputSchema, strict } = tool;
    return present({ type: 'function', name, description, parameters: inputSchema, strict });
  });
}

function encodeAssistant(content: readonly AssistantContent[]): JsonObject[] {
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const calls = content.filter((part) => part.type === 'tool-call');
  return [
    ...(text === '' ? [] : [{ role: 'assistant', content: [{ type: 'output_text', text }] }]),
    ...calls.map(({ id, name, input }) => ({ type: 'function_call', call_id: id, name, arguments: input })),
  ];
}

function encodeContent(part: UserContent): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image':
      return present({ type: 'input_image', image_url: urlOf(part.source), detail: part.detail });
    default:
      throw new GatewayError('unsupported', `With search the upstream takes no ${part.type}.`, {
        saw: 'nothing',
        param: 'messages',
      });
  }
}

function urlOf(source: MediaSource): string {
  if (source.type === 'url') return source.url;
  if (source.type === 'data') return `data:${source.mediaType};base64,${source.base64}`;
  throw new GatewayError('unsupported', 'A file of another vendor cannot be shown to this one.', {
    saw: 'nothing',
    param: 'messages',
  });
}
