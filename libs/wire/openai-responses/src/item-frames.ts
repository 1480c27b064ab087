import type { AnswerItem, CallItem, MessageContent, MessageItem, ReasoningItem } from './answer-items.js';
import { showsSummary, type ResponseFrame } from './encode-frame.js';
import { encodeContent, encodeItem, encodeItemStart, isCustom, itemId, type ItemStatus } from './encode-item.js';
import { membersOf, type StreamFrames } from './stream-frames.js';

/** The events of one item, from its opening to its end. Must be told all that is gathered before it is closed. */
export class ItemFrames {
  /** What all events of the item begin with. */
  private readonly place: string;
  private readonly context: { frame: ResponseFrame; index: number };
  private isOpen = false;
  /** The content that is being told, of those that a message has. */
  private head = 0;
  private isContentOpen = false;

  constructor(
    private readonly item: AnswerItem,
    private readonly frames: StreamFrames,
    context: { frame: ResponseFrame; index: number },
  ) {
    this.context = context;
    this.place = `"item_id":${JSON.stringify(itemId(item, context))},"output_index":${context.index}`;
  }

  /** All that can be told now. */
  advance(): string {
    const opening = this.isOpen ? '' : this.open();
    switch (this.item.type) {
      case 'message':
        return opening + this.advanceMessage(this.item);
      case 'reasoning':
        return opening + this.advanceReasoning(this.item);
      case 'call':
        return opening + this.advanceCall(this.item);
      case 'image':
        return opening;
    }
  }

  close(status: ItemStatus): string {
    const { item } = this;
    const rest = this.advance() + this.end(item);
    const done = { output_index: this.context.index, item: encodeItem(item, { ...this.context, status }) };
    return rest + this.frames.frame('response.output_item.done', membersOf(done));
  }

  private open(): string {
    this.isOpen = true;
    const added = { output_index: this.context.index, item: encodeItemStart(this.item, this.context) };
    return this.frames.frame('response.output_item.added', membersOf(added));
  }

  private end(item: AnswerItem): string {
    switch (item.type) {
      case 'message': {
        const content = item.content[this.head];
        return content ? this.endContent(content) : '';
      }
      case 'reasoning':
        return this.isContentOpen ? this.endReasoning(item) : '';
      case 'call':
        return this.endCall(item);
      case 'image':
        return IMAGE_EVENTS.map((type) => this.bareFrame(type)).join('');
    }
  }

  private advanceMessage(item: MessageItem): string {
    let told = '';
    for (let content = item.content[this.head]; content; content = item.content[this.head]) {
      told += this.openContent(content) + this.contentDelta(content);
      if (this.head === item.content.length - 1) break;
      told += this.endContent(content);
      this.head += 1;
    }
    return told;
  }

  private openContent(content: MessageContent): string {
    if (this.isContentOpen) return '';
    this.isContentOpen = true;
    const part =
      content.type === 'refusal'
        ? '{"type":"refusal","refusal":""}'
        : '{"type":"output_text","text":"","annotations":[],"logprobs":[]}';
    return this.frame('response.content_part.added', `"content_index":${this.head},"part":${part}`);
  }

  private contentDelta(content: MessageContent): string {
    let told = '';
    if (content.pending !== '') {
      const delta = `"content_index":${this.head},"delta":${JSON.stringify(content.pending)}`;
      told +=
        content.type === 'refusal'
          ? this.frame('response.refusal.delta', delta)
          : this.frame('response.output_text.delta', `${delta},"logprobs":${logprobsJson(content)}`);
      content.pending = '';
      content.pendingLogprobs = [];
    }
    for (; content.toldAnnotations < content.annotations.length; content.toldAnnotations += 1) {
      const annotation = JSON.stringify(content.annotations[content.toldAnnotations]);
      const where = `"content_index":${this.head},"annotation_index":${content.toldAnnotations}`;
      told += this.frame('response.output_text.annotation.added', `${where},"annotation":${annotation}`);
    }
    return told;
  }

  private endContent(content: MessageContent): string {
    this.isContentOpen = false;
    const where = `"content_index":${this.head}`;
    const text = JSON.stringify(content.text);
    const done =
      content.type === 'refusal'
        ? this.frame('response.refusal.done', `${where},"refusal":${text}`)
        : this.frame(
            'response.output_text.done',
            `${where},"text":${text},"logprobs":${JSON.stringify(content.logprobs)}`,
          );
    return done + this.frame('response.content_part.done', `${where},"part":${JSON.stringify(encodeContent(content))}`);
  }

  private get reasoning(): { events: string; where: string; added: string; done: string; type: string } {
    return showsSummary(this.context.frame) ? SUMMARY : OPEN_REASONING;
  }

  private advanceReasoning(item: ReasoningItem): string {
    if (item.pending === '') return '';
    const { events, where, added, type } = this.reasoning;
    const opening = this.isContentOpen ? '' : this.frame(added, `${where},"part":{"type":"${type}","text":""}`);
    this.isContentOpen = true;
    const delta = this.frame(`${events}.delta`, `${where},"delta":${JSON.stringify(item.pending)}`);
    item.pending = '';
    return opening + delta;
  }

  private endReasoning({ text }: ReasoningItem): string {
    const { events, where, done, type } = this.reasoning;
    const json = JSON.stringify(text);
    return (
      this.frame(`${events}.done`, `${where},"text":${json}`) +
      this.frame(done, `${where},"part":{"type":"${type}","text":${json}}`)
    );
  }

  private advanceCall(item: CallItem): string {
    if (item.pending === '') return '';
    const delta = this.frame(`${callEvents(item)}.delta`, `"delta":${JSON.stringify(item.pending)}`);
    item.pending = '';
    return delta;
  }

  private endCall(item: CallItem): string {
    const text = JSON.stringify(item.text);
    if (isCustom(item)) return this.frame(`${callEvents(item)}.done`, `"input":${text}`);
    return this.frame(`${callEvents(item)}.done`, `"arguments":${text},"name":${JSON.stringify(item.call.name)}`);
  }

  private bareFrame(type: string): string {
    return this.frames.frame(type, this.place);
  }

  private frame(type: string, members: string): string {
    return this.frames.frame(type, `${this.place},${members}`);
  }
}

const IMAGE_EVENTS = [
  'response.image_generation_call.in_progress',
  'response.image_generation_call.generating',
  'response.image_generation_call.completed',
];
const SUMMARY = {
  events: 'response.reasoning_summary_text',
  where: '"summary_index":0',
  added: 'response.reasoning_summary_part.added',
  done: 'response.reasoning_summary_part.done',
  type: 'summary_text',
};
const OPEN_REASONING = {
  events: 'response.reasoning_text',
  where: '"content_index":0',
  added: 'response.content_part.added',
  done: 'response.content_part.done',
  type: 'reasoning_text',
};

function callEvents(item: CallItem): string {
  return isCustom(item) ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
}

function logprobsJson({ pendingLogprobs }: MessageContent): string {
  return pendingLogprobs.length === 0 ? '[]' : JSON.stringify(pendingLogprobs);
}
