import type { AssistantContent, MediaSource, Message, ToolCallContent, UserContent } from '@sluice/contracts/chat';
import type { JsonObject } from '@sluice/contracts/json';

type ToolMessage = Extract<Message, { role: 'tool' }>;
type OtherMessage = Exclude<Message, ToolMessage>;

/** Vendors take only text as a tool's result, or an answer: what else it holds follows as the user's. */
export function encodeMessages(messages: readonly Message[]): JsonObject[] {
  const encoded: JsonObject[] = [];
  let media: JsonObject[] = [];
  const flush = () => {
    if (media.length > 0) encoded.push({ role: 'user', content: media });
    media = [];
  };
  for (const message of messages) {
    if (message.role === 'tool') {
      encoded.push(encodeToolResult(message));
      media.push(...encodeToolMedia(message));
    } else {
      flush();
      encoded.push(encodeMessage(message));
      if (message.role === 'assistant') media.push(...encodeOwnMedia(message.content));
    }
  }
  flush();
  return encoded;
}

function encodeMessage(message: OtherMessage): JsonObject {
  const { name } = message;
  if (message.role === 'assistant') return { role: 'assistant', name, ...encodeAssistant(message.content) };
  return { role: message.role, name, content: encodeContent(message.content, '\n') };
}

/** That a tool failed has no field of its own here. */
function encodeToolResult({ name, toolCallId, content, isError }: ToolMessage): JsonObject {
  const texts = content.filter((part) => part.type === 'text');
  if (texts.length === 0) texts.push({ type: 'text', text: content.length === 0 ? '' : 'The result is attached.' });
  if (isError === true) texts.unshift({ type: 'text', text: 'Error:' });
  return { role: 'tool', name, tool_call_id: toolCallId, content: encodeContent(texts, '\n') };
}

function encodeToolMedia({ toolCallId, content }: ToolMessage): JsonObject[] {
  const media = content.filter((part) => part.type !== 'text');
  if (media.length === 0) return [];
  return [{ type: 'text', text: `Attached to the result of ${toolCallId}:` }, ...media.map(encodePart)];
}

/** Nor do they take what a model drew: it follows as the user's. */
function encodeOwnMedia(content: readonly AssistantContent[]): JsonObject[] {
  const images = content.filter((part) => part.type === 'image');
  if (images.length === 0) return [];
  return [{ type: 'text', text: 'Attached to the answer above:' }, ...images.map(encodePart)];
}

/** Text alone is a string: some vendors know no other form. */
function encodeContent(content: readonly UserContent[], separator: string): string | JsonObject[] {
  const texts = content.filter((part) => part.type === 'text');
  const isPlain = texts.length === content.length && texts.every((part) => breakpointOf(part) === undefined);
  return isPlain ? texts.map(({ text }) => text).join(separator) : content.map(encodePart);
}

/** Another dialect's breakpoint means nothing here; what it asks for is done unasked. */
function breakpointOf({ cacheBreakpoint }: UserContent): JsonObject | undefined {
  return cacheBreakpoint !== undefined && 'mode' in cacheBreakpoint ? cacheBreakpoint : undefined;
}

function encodePart(part: UserContent): JsonObject {
  const cache = { prompt_cache_breakpoint: breakpointOf(part) };
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
  const isSilent = texts.length === 0 && (calls.length > 0 || refusals.length > 0 || audio !== undefined);
  return {
    content: isSilent ? null : encodeContent(texts, ''),
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
