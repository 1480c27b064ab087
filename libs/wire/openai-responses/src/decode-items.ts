import type { AssistantContent, Message, ToolResultContent } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import { decodeText, decodeTexts, decodeUserContent } from './decode-content.js';
import type { WireCall, WireCallOutput, WireImageCall, WireItem, WireMessage, WireReasoning } from './item-schema.js';
import { openReasoning } from './reasoning-envelope.js';

/** An item in its place: the name of its field, as far as the client has written it. */
export interface PlacedItem {
  item: WireItem;
  field: string;
}

/** Items in a row that a model has said are one message of its own, as every other dialect has it. */
export function decodeItems(items: readonly PlacedItem[], ignored: Set<string>): Message[] {
  const decoder = new ItemDecoder(ignored);
  for (const placed of items) decoder.add(placed);
  return decoder.messages;
}

class ItemDecoder {
  readonly messages: Message[] = [];
  private readonly calls = new Set<string>();

  constructor(private readonly ignored: Set<string>) {}

  add({ item, field }: PlacedItem): void {
    switch (item.type) {
      case 'message':
        return this.message(item, field);
      case 'reasoning':
        return this.say(this.reasoning(item));
      case 'function_call':
      case 'custom_tool_call':
        this.calls.add(item.call_id);
        return this.say([decodeCall(item)]);
      case 'function_call_output':
      case 'custom_tool_call_output':
        this.messages.push(this.output(item, field));
        return;
      case 'image_generation_call':
        return this.say(decodeImageCall(item));
      case 'item_reference':
        throw new GatewayError('internal', 'An item reference was not resolved.');
      default:
        this.ignored.add(`input[] of type ${item.type}`);
    }
  }

  private message(item: WireMessage, field: string): void {
    switch (item.role) {
      case 'user':
        this.messages.push({ role: 'user', content: decodeUserContent(item.content, `${field}.content`) });
        return;
      case 'system':
      case 'developer':
        this.messages.push({ role: item.role, content: decodeTexts(item.content) });
        return;
      case 'assistant':
        this.say(decodeAnswer(item.content));
    }
  }

  /** Adds to what the model is saying. */
  private say(content: AssistantContent[]): void {
    if (content.length === 0) return;
    const last = this.messages.at(-1);
    if (last?.role === 'assistant') last.content.push(...content);
    else this.messages.push({ role: 'assistant', content });
  }

  private reasoning(item: WireReasoning): AssistantContent[] {
    const shown = [...(item.content ?? []), ...(item.content?.length ? [] : (item.summary ?? []))];
    const sealed = item.encrypted_content == null ? {} : openReasoning(item.encrypted_content);
    if (sealed === undefined) this.ignored.add('input[].encrypted_content of another issuer');
    if (sealed?.redacted !== undefined) return [{ type: 'redacted-reasoning', data: sealed.redacted }];
    const text = sealed?.text ?? shown.map((part) => part.text).join('\n\n');
    const signature = sealed?.signature;
    return text === '' && signature === undefined ? [] : [{ type: 'reasoning', text, ...present({ signature }) }];
  }

  private output(item: WireCallOutput, field: string): Message {
    if (!this.calls.has(item.call_id)) throw unknownCall(item.call_id, field);
    // The schema has let no audio through.
    const content = decodeUserContent(item.output, `${field}.output`) as ToolResultContent[];
    return { role: 'tool', toolCallId: item.call_id, content: content.length > 0 ? content : decodeTexts('') };
  }
}

function decodeAnswer(content: Extract<WireMessage, { role: 'assistant' }>['content']): AssistantContent[] {
  if (typeof content === 'string') return content === '' ? [] : decodeTexts(content);
  return content.flatMap((part): AssistantContent[] => {
    if (part.type === 'refusal') return [{ type: 'refusal', text: part.refusal }];
    return part.text === '' ? [] : [decodeText(part)];
  });
}

function decodeCall(item: WireCall): AssistantContent {
  const { call_id: id, name } = item;
  if (item.type === 'custom_tool_call') return { type: 'tool-call', id, name, input: item.input, custom: true };
  return { type: 'tool-call', id, name, input: item.arguments, ...signatureBeside(item) };
}

/** A picture that a model made is what it said. */
function decodeImageCall(item: WireImageCall): AssistantContent[] {
  if (item.result == null) return [];
  const source = { type: 'data' as const, mediaType: `image/${item.output_format ?? 'png'}`, base64: item.result };
  return [{ type: 'image', source, ...signatureBeside(item) }];
}

function signatureBeside({ extra_content: extra }: { extra_content?: JsonObject | null | undefined }): {
  signature?: string;
} {
  const google = extra?.['google'];
  const signature = isJsonObject(google) ? google['thought_signature'] : undefined;
  return typeof signature === 'string' ? { signature } : {};
}

function unknownCall(callId: string, field: string): GatewayError {
  const message = `No tool call found for function call output with call_id ${callId}.`;
  return new GatewayError('invalid_request', message, { param: `${field}.call_id` });
}
