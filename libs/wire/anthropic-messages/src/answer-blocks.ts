import type { ChatPart } from '@sluice/contracts/chat-part';
import { isCompleteInput } from './tool-input.js';

type BlockPart = Extract<ChatPart, { choice: number }>;
type ToolStart = Extract<ChatPart, { type: 'tool-input-start' }>;

/** A piece of the answer: the parts that came together in the order in which their pieces began. */
export type Block =
  | { type: 'text'; pending: string }
  | { type: 'thinking'; pending: string; signature: string | undefined }
  | { type: 'redacted-thinking'; pending: string }
  | { type: 'tool'; pending: string; call: ToolStart; input: string };

/**
 * Gathers parts into blocks. Only a call can go on after another block has begun: calls are made in parallel, while
 * text and reasoning that go on later are new blocks.
 */
export class AnswerBlocks {
  readonly blocks: Block[] = [];
  private readonly calls = new Map<number, Extract<Block, { type: 'tool' }>>();
  private hasRefusal = false;

  /** Appends to the `pending` of a block, a new one if need be. */
  add(part: BlockPart): void {
    switch (part.type) {
      case 'refusal-delta':
        this.hasRefusal = true;
        this.text(part.text);
        return;
      case 'text-delta':
        this.text(part.text);
        return;
      case 'reasoning-delta':
        if (part.text !== '') this.thinking().pending += part.text;
        return;
      case 'reasoning-signature':
        this.thinking().signature = part.signature;
        return;
      case 'redacted-reasoning':
        this.blocks.push({ type: 'redacted-thinking', pending: part.data });
        return;
      case 'tool-input-start':
        this.start(part);
        return;
      case 'tool-input-delta': {
        const call = this.calls.get(part.index);
        if (call === undefined) return;
        call.pending += part.delta;
        call.input += part.delta;
        return;
      }
      case 'image':
        // A picture has no block in an answer of this dialect; a client that shows Markdown shows it.
        this.text(`![image](data:${part.mediaType};base64,${part.base64})`);
        return;
      case 'audio-delta':
      case 'annotations':
      case 'native':
      case 'finish':
      // The first three have no block in this dialect; the end is no block.
    }
  }

  get isRefused(): boolean {
    return this.hasRefusal;
  }

  get hasTools(): boolean {
    return this.calls.size > 0;
  }

  /** A call without any input is one without arguments. */
  get hasBrokenTool(): boolean {
    return [...this.calls.values()].some(({ input }) => input.trim() !== '' && !isCompleteInput(input));
  }

  private text(text: string): void {
    if (text === '') return;
    const last = this.blocks.at(-1);
    if (last?.type === 'text') last.pending += text;
    else this.blocks.push({ type: 'text', pending: text });
  }

  /** A signature seals its reasoning. */
  private thinking(): Extract<Block, { type: 'thinking' }> {
    const last = this.blocks.at(-1);
    if (last?.type === 'thinking' && last.signature === undefined) return last;
    const block = { type: 'thinking' as const, pending: '', signature: undefined };
    this.blocks.push(block);
    return block;
  }

  /** A call that begins again goes on. */
  private start(call: ToolStart): void {
    if (this.calls.has(call.index)) return;
    const block = { type: 'tool' as const, pending: '', call, input: '' };
    this.calls.set(call.index, block);
    this.blocks.push(block);
  }
}
