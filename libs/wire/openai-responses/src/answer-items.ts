import type { ChatPart } from '@sluice/contracts/chat-part';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

type AnswerPart = Exclude<Extract<ChatPart, { choice: number }>, { type: 'finish' }>;
type ToolStart = Extract<ChatPart, { type: 'tool-input-start' }>;
type ImagePart = Extract<ChatPart, { type: 'image' }>;

/** One content of a message. `pending` is what a stream has not told yet. */
export interface MessageContent {
  type: 'output_text' | 'refusal';
  text: string;
  pending: string;
  logprobs: Json[];
  pendingLogprobs: Json[];
  annotations: Json[];
  toldAnnotations: number;
}

/** A piece of the answer: the parts that came together, in the order in which the pieces began. */
export type AnswerItem =
  | { type: 'message'; content: MessageContent[] }
  | { type: 'reasoning'; text: string; pending: string; signature?: string; redacted?: string }
  | { type: 'call'; call: ToolStart; text: string; pending: string }
  | { type: 'image'; image: ImagePart };

export type MessageItem = Extract<AnswerItem, { type: 'message' }>;
export type ReasoningItem = Extract<AnswerItem, { type: 'reasoning' }>;
export type ImageItem = Extract<AnswerItem, { type: 'image' }>;
export type CallItem = Extract<AnswerItem, { type: 'call' }>;

/**
 * Gathers parts into items. Only a call can go on after another item has begun: calls are made in parallel, while text
 * and reasoning that go on later are new items.
 */
export class AnswerItems {
  readonly items: AnswerItem[] = [];
  private readonly calls = new Map<number, CallItem>();

  /** All that was written, whatever it is. */
  get text(): string {
    return this.items.map(textOf).join('');
  }

  add(part: AnswerPart): void {
    switch (part.type) {
      case 'text-delta':
        if (part.text !== '') this.say('output_text', part);
        return;
      case 'refusal-delta':
        if (part.text !== '') this.say('refusal', part);
        return;
      case 'reasoning-delta':
        return this.think(part.text);
      case 'reasoning-signature':
        this.unsigned().signature = part.signature;
        return;
      case 'redacted-reasoning':
        this.items.push({ type: 'reasoning', text: '', pending: '', redacted: part.data });
        return;
      case 'tool-input-start':
        return this.start(part);
      case 'tool-input-delta': {
        const call = this.calls.get(part.index);
        if (call) append(call, part.delta);
        return;
      }
      case 'annotations':
        this.content('output_text').annotations.push(...part.annotations.map(flattenAnnotation));
        return;
      case 'image':
        this.items.push({ type: 'image', image: part });
        return;
      case 'audio-delta':
      case 'native':
      // Speech has no place in this dialect; of its own words upstreams have none.
    }
  }

  private say(type: MessageContent['type'], part: { text: string; logprobs?: JsonObject }): void {
    const content = this.content(type);
    append(content, part.text);
    if (!part.logprobs) return;
    const logprobs = toWireLogprobs(part.logprobs);
    content.logprobs.push(...logprobs);
    content.pendingLogprobs.push(...logprobs);
  }

  private content(type: MessageContent['type']): MessageContent {
    const last = this.items.at(-1);
    const message: MessageItem = last?.type === 'message' ? last : { type: 'message', content: [] };
    if (message !== last) this.items.push(message);
    const open = message.content.at(-1);
    if (open?.type === type) return open;
    const content: MessageContent = {
      type,
      text: '',
      pending: '',
      logprobs: [],
      pendingLogprobs: [],
      annotations: [],
      toldAnnotations: 0,
    };
    message.content.push(content);
    return content;
  }

  private think(text: string): void {
    if (text !== '') append(this.unsigned(), text);
  }

  /** A signature seals its reasoning. */
  private unsigned(): ReasoningItem {
    const last = this.items.at(-1);
    if (last?.type === 'reasoning' && last.signature === undefined && last.redacted === undefined) return last;
    const item: ReasoningItem = { type: 'reasoning', text: '', pending: '' };
    this.items.push(item);
    return item;
  }

  /** A call that begins again goes on. */
  private start(call: ToolStart): void {
    if (this.calls.has(call.index)) return;
    const item: CallItem = { type: 'call', call, text: '', pending: '' };
    this.calls.set(call.index, item);
    this.items.push(item);
  }
}

function textOf(item: AnswerItem): string {
  if (item.type === 'image') return '';
  return item.type === 'message' ? item.content.map(({ text }) => text).join('') : item.text;
}

function append(piece: { text: string; pending: string }, text: string): void {
  piece.text += text;
  piece.pending += text;
}

/** The internal form keeps them as Chat Completions has them. */
function toWireLogprobs({ content }: JsonObject): Json[] {
  return Array.isArray(content) ? content.filter(isJsonObject).map(withTop) : [];
}

function withTop({ token, logprob, bytes, top_logprobs: top }: JsonObject): JsonObject {
  return { token, logprob, bytes: bytes ?? [], top_logprobs: Array.isArray(top) ? top : [] };
}

/** Chat Completions nests what belongs to a citation under its type. */
function flattenAnnotation(annotation: Json): Json {
  if (!isJsonObject(annotation) || typeof annotation['type'] !== 'string') return annotation;
  const { [annotation['type']]: nested, ...rest } = annotation;
  return isJsonObject(nested) ? { ...rest, ...nested } : annotation;
}
