import type { AssistantContent, MediaSource, Message, ToolCallContent, UserContent } from '@sluice/contracts/chat';
import type { JsonObject } from '@sluice/contracts/json';

export function encodeMessages(messages: readonly Message[]): JsonObject[] {
  return messages.map(encodeMessage);
}

function encodeMessage(message: Message): JsonObject {
  const { name } = message;
  switch (message.role) {
    case 'assistant':
      return { role: 'assistant', name, ...encodeAssistant(message.content) };
    case 'tool':
      return { role: 'tool', name, tool_call_id: message.toolCallId, content: encodeContent(message.content) };
    default:
      return { role: message.role, name, content: encodeContent(message.content) };
  }
}

/** A lone text is a string: every vendor knows that form. */
function encodeContent(content: readonly UserContent[]): string | JsonObject[] {
  const [first] = content;
  const isPlain = content.length === 1 && first?.type === 'text' && first.cacheBreakpoint === undefined;
  return isPlain ? first.text : content.map(encodePart);
}

function encodePart(part: UserContent): JsonObject {
  const cache = { prompt_cache_breakpoint: part.cacheBreakpoint };
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text, ...cache };
    case 'image':
      return { type: 'image_url', image_url: { url: encodeUrl(part.source), detail: part.detail }, ...cache };
    case 'audio':
      return { type: 'input_audio', input_audio: { data: encodeBase64(part.source), format: part.format }, ...cache };
    case 'file':
      return { type: 'file', file: { ...encodeFile(part.source), filename: part.filename }, ...cache };
  }
}

function encodeUrl(source: MediaSource): string {
  if (source.type === 'url') return source.url;
  return source.type === 'file' ? source.fileId : `data:${source.mediaType};base64,${source.base64}`;
}

function encodeBase64(source: MediaSource): string {
  return source.type === 'data' ? source.base64 : encodeUrl(source);
}

function encodeFile(source: MediaSource): JsonObject {
  return source.type === 'file' ? { file_id: source.fileId } : { file_data: encodeUrl(source) };
}

function encodeAssistant(content: readonly AssistantContent[]): JsonObject {
  const texts = content.filter((part) => part.type === 'text');
  const refusals = content.filter((part) => part.type === 'refusal');
  const reasoning = content.filter((part) => part.type === 'reasoning');
  const calls = content.filter((part) => part.type === 'tool-call');
  const audio = content.find((part) => part.type === 'audio-reference');
  const signed = reasoning.filter(({ signature }) => signature !== undefined);
  return {
    content:
      texts.length === 0 && content.length > 0
        ? null
        : encodeContent(texts.length === 0 ? [{ type: 'text', text: '' }] : texts),
    refusal: refusals.length === 0 ? undefined : refusals.map(({ text }) => text).join(''),
    reasoning_content: reasoning.length === 0 ? undefined : reasoning.map(({ text }) => text).join(''),
    reasoning_details:
      signed.length === 0
        ? undefined
        : signed.map(({ text, signature }) => ({ type: 'reasoning.text', text, signature })),
    audio: audio && { id: audio.id },
    tool_calls: calls.length === 0 ? undefined : calls.map(encodeToolCall),
  };
}

function encodeToolCall({ id, name, input, custom, signature }: ToolCallContent): JsonObject {
  if (custom === true) return { id, type: 'custom', custom: { name, input } };
  const extra = signature === undefined ? undefined : { google: { thought_signature: signature } };
  return { id, type: 'function', function: { name, arguments: input }, extra_content: extra };
}
