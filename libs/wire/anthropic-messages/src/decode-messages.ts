import type { AssistantContent, Message, TextContent, ToolResultContent, UserContent } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type {
  WireAssistantBlock,
  WireTextBlock,
  WireToolResultBlock,
  WireToolUseBlock,
  WireUserBlock,
} from './block-schema.js';
import { decodeDocument, decodeImage, decodeSearchResult, decodeText, type Place } from './decode-document.js';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { IgnoredFields } from './ignored-fields.js';
import { present } from '@sluice/contracts/present';
import type { ConversationBody, WireMessage } from './schema.js';
import { fromWireSignature } from './thinking-signature.js';
import { toInputText } from './tool-input.js';
import type { ApiVersion } from './version.js';

/** The conversation, its system prompt first. */
export function decodeMessages(
  { system, messages }: Pick<ConversationBody, 'system' | 'messages'>,
  context: { version: ApiVersion; ignored: IgnoredFields },
): Message[] {
  const decoder = new MessageDecoder(context.version, context.ignored);
  const decoded: Message[] = [];
  const prompt = system == null ? [] : decodeTexts(system);
  if (prompt.length > 0) decoded.push({ role: 'system', content: prompt });
  messages.forEach((message, index) => decoder.decode(message, { index, decoded }));
  return decoded;
}

class MessageDecoder {
  private readonly calls = new Set<string>();

  constructor(
    private readonly version: ApiVersion,
    private readonly ignored: IgnoredFields,
  ) {}

  decode(message: WireMessage, { index, decoded }: { index: number; decoded: Message[] }): void {
    const field = `messages[${index}]`;
    if (message.role === 'system') {
      const content = decodeTexts(message.content);
      if (content.length > 0) decoded.push({ role: 'system', content });
      return;
    }
    if (message.role === 'assistant') {
      const content = this.decodeAssistant(message.content, field);
      if (content.length > 0) decoded.push({ role: 'assistant', content });
      return;
    }
    const { content } = message;
    if (typeof content === 'string') decoded.push({ role: 'user', content: [{ type: 'text', text: content }] });
    else this.decodeUser(content, { field, decoded });
  }

  /** Results come before all else that the user said, each as a message of its own. */
  private decodeUser(
    blocks: readonly WireUserBlock[],
    { field, decoded }: { field: string; decoded: Message[] },
  ): void {
    const content: UserContent[] = [];
    blocks.forEach((block, index) => {
      const place = { field: `${field}.content[${index}]`, ignored: this.ignored };
      if (block.type === 'tool_result') decoded.push(this.decodeToolResult(block, place));
      else content.push(...this.decodeUserBlock(block, place));
    });
    if (content.length > 0) decoded.push({ role: 'user', content: withoutEmptyTexts(content) });
  }

  private decodeUserBlock(block: Exclude<WireUserBlock, WireToolResultBlock>, place: Place): ToolResultContent[] {
    switch (block.type) {
      case 'text':
        this.checkCitations(block, place);
        return [decodeText(block)];
      case 'image':
        return [decodeImage(block, place)];
      case 'document':
        return decodeDocument(block, place);
      case 'search_result':
        return [decodeSearchResult(block, place)];
      default:
        this.ignored.add(`messages[].content[] of type ${block.type}`);
        return [];
    }
  }

  private checkCitations({ citations }: WireTextBlock, { field, ignored }: Place): void {
    if (citations == null || citations.length === 0) return;
    if (this.version === '2023-06-01') return ignored.add('messages[].content[].citations');
    throw notPermitted(`${field}.citations`);
  }

  private decodeToolResult(block: WireToolResultBlock, place: Place): Message {
    const { tool_use_id: toolCallId, content, is_error: isError, cache_control: cacheBreakpoint } = block;
    if (!this.calls.has(toolCallId)) throw unknownCall(toolCallId, place.field);
    const parts: ToolResultContent[] =
      typeof content === 'string' || content == null
        ? [{ type: 'text', text: content ?? '' }]
        : content.flatMap((part, index) =>
            this.decodeUserBlock(part, { ...place, field: `${place.field}.content[${index}]` }),
          );
    if (parts.length === 0) parts.push({ type: 'text', text: '' });
    const last = parts.at(-1);
    if (cacheBreakpoint != null && last !== undefined) last.cacheBreakpoint ??= cacheBreakpoint;
    return { role: 'tool', toolCallId, content: parts, ...(isError === true && { isError }) };
  }

  private decodeAssistant(content: string | WireAssistantBlock[], field: string): AssistantContent[] {
    if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
    const parts = content.flatMap((block, index) =>
      this.decodeAssistantBlock(block, { field: `${field}.content[${index}]`, ignored: this.ignored }),
    );
    return parts.filter((part) => part.type !== 'text' || part.text !== '');
  }

  private decodeAssistantBlock(block: WireAssistantBlock, place: Place): AssistantContent[] {
    switch (block.type) {
      case 'text':
        return [decodeText(block)];
      case 'thinking': {
        const signature = fromWireSignature(block.signature);
        if (block.thinking === '' && signature === undefined) return [];
        return [{ type: 'reasoning', text: block.thinking, ...present({ signature }) }];
      }
      case 'redacted_thinking':
        return [{ type: 'redacted-reasoning', data: block.data }];
      case 'tool_use':
        this.calls.add(block.id);
        return [decodeToolUse(block)];
      case 'document':
        return this.decodeAssistantDocument(block, place);
      case 'search_result':
        return [decodeSearchResult(block, place)];
      default:
        place.ignored.add(`messages[].content[] of type ${block.type}`);
        return [];
    }
  }

  private decodeAssistantDocument(
    block: Extract<WireAssistantBlock, { type: 'document' }>,
    place: Place,
  ): TextContent[] {
    if (this.version !== '2023-06-01') throw notPermitted(place.field);
    return decodeDocument(block, place).map((part) => {
      if (part.type === 'text') return part;
      const message = `${place.field}: a document of an assistant's can only be text.`;
      throw new GatewayError('unsupported', message, { param: place.field });
    });
  }
}

function decodeTexts(content: string | WireTextBlock[]): TextContent[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return content.filter(({ text }) => text !== '').map(decodeText);
}

function decodeToolUse(block: WireToolUseBlock): AssistantContent {
  const google = block.extra_content?.['google'];
  const signature = isJsonObject(google) ? google['thought_signature'] : undefined;
  return {
    type: 'tool-call',
    id: block.id,
    name: block.name,
    input: toInputText(block.input),
    ...(typeof signature === 'string' && { signature }),
  };
}

/** Upstreams refuse a text without text; one that is all there is stays. */
function withoutEmptyTexts<Part extends UserContent>(content: Part[]): Part[] {
  const kept = content.filter((part) => part.type !== 'text' || part.text !== '');
  return kept.length > 0 ? kept : content.slice(0, 1);
}

function notPermitted(param: string): GatewayError {
  return new GatewayError('invalid_request', `${param}: Extra inputs are not permitted`, { param });
}

function unknownCall(id: string, field: string): GatewayError {
  const param = `${field}.tool_use_id`;
  const message = `${param}: unexpected tool_use_id '${id}'. Each tool_result must follow the tool_use that it answers.`;
  return new GatewayError('invalid_request', message, { param });
}
