import type { AssistantContent, Message, ReasoningContent, ToolCallContent } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import type { Part } from '@sluice/contracts/part';

type AssistantMessage = Extract<Message, { role: 'assistant' }>;

/**
 * The first choice of an answer as a message that can be sent again; undefined where it says nothing. Of an answer that
 * was cut short no call is kept: its input may lack its end.
 */
export function answerMessage(parts: readonly Part[]): AssistantMessage | undefined {
  const collector = new ContentCollector();
  for (const part of parts) if ('choice' in part && part.choice === 0) collector.add(part);
  const isWhole = parts.at(-1)?.type === 'succeeded';
  const content = collector.content.filter((one) => isWhole || one.type === 'text' || one.type === 'refusal');
  const isSaid = content.some(({ type }) => type !== 'reasoning' && type !== 'redacted-reasoning');
  return isSaid ? { role: 'assistant', content } : undefined;
}

class ContentCollector {
  readonly content: AssistantContent[] = [];
  private readonly calls = new Map<number, ToolCallContent>();

  add(part: Extract<ChatPart, { choice: number }>): void {
    switch (part.type) {
      case 'text-delta':
        return this.addText('text', part.text);
      case 'refusal-delta':
        return this.addText('refusal', part.text);
      case 'reasoning-delta':
        return this.addText('reasoning', part.text);
      case 'reasoning-signature':
        return this.sign(part.signature);
      case 'redacted-reasoning':
        this.content.push({ type: 'redacted-reasoning', data: part.data });
        return;
      case 'tool-input-start':
        return this.addCall(part);
      case 'tool-input-delta': {
        const call = this.calls.get(part.index);
        if (call) call.input += part.delta;
        return;
      }
      default:
    }
  }

  private addText(type: 'text' | 'refusal' | 'reasoning', text: string): void {
    if (text === '') return;
    const last = this.content.at(-1);
    const isSigned = last?.type === 'reasoning' && last.signature !== undefined;
    if (last?.type === type && !isSigned) last.text += text;
    else this.content.push({ type, text });
  }

  private sign(signature: string): void {
    const last = this.content.findLast((one): one is ReasoningContent => one.type === 'reasoning');
    if (last && last.signature === undefined) last.signature = signature;
    else this.content.push({ type: 'reasoning', text: '', signature });
  }

  private addCall({ index, id, name, custom, signature }: Extract<ChatPart, { type: 'tool-input-start' }>): void {
    const call: ToolCallContent = { type: 'tool-call', id, name, input: '' };
    if (custom) call.custom = custom;
    if (signature !== undefined) call.signature = signature;
    this.calls.set(index, call);
    this.content.push(call);
  }
}
