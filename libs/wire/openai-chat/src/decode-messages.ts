import type {
  AssistantContent,
  Message,
  TextContent,
  ToolCallContent,
  ToolResultContent,
  UserContent,
} from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { decodeAudio, decodeFile, decodeImage, decodeVideo, decodeVideoUrl } from './decode-media.js';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { WireAssistantMessage, WireMessage, WireTextPart, WireToolCall, WireUserPart } from './message-schema.js';
import { present } from '@sluice/contracts/present';

export function decodeMessages(messages: readonly WireMessage[]): Message[] {
  const calls = new LegacyCalls();
  return messages.map((message, index) => decodeMessage(message, { field: `messages[${index}]`, calls }));
}

/** Where a message stands, and the calls before it. */
interface Place {
  field: string;
  calls: LegacyCalls;
}

/** Deprecated function calls have no ids: each gets one, and a result belongs to its name's last call. */
class LegacyCalls {
  private count = 0;
  private idByName: Map<string, string> | undefined;

  open(name: string): string {
    this.count += 1;
    const id = `call_function_${this.count}`;
    this.idByName ??= new Map();
    this.idByName.set(name, id);
    return id;
  }

  find(name: string): string {
    return this.idByName?.get(name) ?? this.open(name);
  }
}

function decodeMessage(message: WireMessage, place: Place): Message {
  const { field, calls } = place;
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: message.role, ...present({ name: message.name }), content: decodeTexts(message.content) };
    case 'user':
      return { role: 'user', ...present({ name: message.name }), content: decodeUserContent(message.content, field) };
    case 'assistant':
      return { role: 'assistant', ...present({ name: message.name }), content: decodeAssistant(message, place) };
    case 'tool': {
      // The schema has let no audio through.
      const content = decodeUserContent(message.content, field) as ToolResultContent[];
      return { role: 'tool', toolCallId: message.tool_call_id, ...present({ name: message.name }), content };
    }
    case 'function':
      return {
        role: 'tool',
        toolCallId: calls.find(message.name),
        name: message.name,
        content: decodeTexts(message.content ?? ''),
      };
  }
}

function decodeTexts(content: string | WireTextPart[]): TextContent[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content.map(decodeText);
}

function decodeText({ text, prompt_cache_breakpoint: cacheBreakpoint }: WireTextPart): TextContent {
  return cacheBreakpoint == null ? { type: 'text', text } : { type: 'text', text, cacheBreakpoint };
}

function decodeUserContent(content: string | WireUserPart[], field: string): UserContent[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part, index) => {
    switch (part.type) {
      case 'text':
        return decodeText(part);
      case 'image_url':
        return decodeImage(part, `${field}.content[${index}]`);
      case 'input_audio':
        return decodeAudio(part);
      case 'file':
        return decodeFile(part, `${field}.content[${index}]`);
      case 'video_url':
        return decodeVideoUrl(part, `${field}.content[${index}]`);
      case 'input_video':
        return decodeVideo(part);
    }
  });
}

function decodeAssistant(message: WireAssistantMessage, { field, calls }: Place): AssistantContent[] {
  const content: AssistantContent[] = decodeReasoning(message);
  if (typeof message.content === 'string') {
    if (message.content !== '') content.push({ type: 'text', text: message.content });
  } else {
    for (const part of message.content ?? []) {
      content.push(part.type === 'text' ? decodeText(part) : { type: 'refusal', text: part.refusal });
    }
  }
  message.images?.forEach(({ image_url: { url }, signature }, index) => {
    const image = decodeImage({ type: 'image_url', image_url: { url } }, `${field}.images[${index}]`);
    content.push({ ...image, ...present({ signature }) });
  });
  if (message.refusal != null) content.push({ type: 'refusal', text: message.refusal });
  if (message.audio != null) content.push({ type: 'audio-reference', id: message.audio.id });
  message.tool_calls?.forEach((call, index) => content.push(decodeToolCall(call, `${field}.tool_calls[${index}]`)));
  const legacy = message.function_call;
  if (legacy != null)
    content.push({ type: 'tool-call', id: calls.open(legacy.name), name: legacy.name, input: legacy.arguments });
  return content;
}

/** Vendors disagree on the name; the signature travels in OpenRouter's details, unread. */
function decodeReasoning(message: WireAssistantMessage): AssistantContent[] {
  const details = (message.reasoning_details ?? []).filter(isJsonObject);
  const signature = details.map(({ signature: own }) => own).findLast((own) => typeof own === 'string');
  const text = message.reasoning_content ?? message.reasoning ?? details.map(detailText).join('');
  if (text === '' && signature === undefined) return [];
  return [{ type: 'reasoning', text, ...present({ signature }) }];
}

function detailText({ text }: JsonObject): string {
  return typeof text === 'string' ? text : '';
}

function decodeToolCall(call: WireToolCall, field: string): ToolCallContent {
  const signature = thoughtSignature(call.extra_content);
  if (call.type === 'custom') {
    if (call.custom == null) throw missing(`${field}.custom`);
    return { type: 'tool-call', id: call.id, name: call.custom.name, input: call.custom.input, custom: true };
  }
  if (call.function == null) throw missing(`${field}.function`);
  const { name, arguments: input } = call.function;
  return { type: 'tool-call', id: call.id, name, input, ...present({ signature }) };
}

/** Where Google's own layer over this dialect keeps the signature of a call. */
function thoughtSignature(extra: JsonObject | null | undefined): string | undefined {
  const google = extra?.['google'];
  const signature = isJsonObject(google) ? google['thought_signature'] : undefined;
  return typeof signature === 'string' ? signature : undefined;
}

function missing(param: string): GatewayError {
  const reason = 'missing_required_parameter';
  return new GatewayError('invalid_request', `Missing required parameter: '${param}'.`, { param, reason });
}
