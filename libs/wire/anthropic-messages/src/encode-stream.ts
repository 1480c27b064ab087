import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { ChatPart, Usage } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import { sseEvent } from '@sluice/wire-sse/sse-encode';
import { AnswerBlocks, type Block } from './answer-blocks.js';
import type { StreamContext } from './answer-context.js';
import { textTokens } from '@sluice/wire-tokens/count-tokens';
import { encodeBlockStart } from './encode-block.js';
import { encodeError } from './encode-error.js';
import { WARMED_UP } from './encode-response.js';
import { encodeUsage, encodeWholeUsage, estimatedUsage } from './encode-usage.js';
import { encodeStop, type Finish } from './stop-reason.js';
import { toWireSignature } from './thinking-signature.js';
import { isCompleteInput } from './tool-input.js';

/** Turns parts into whole SSE frames; the empty string where a part has no frame. */
export interface StreamEncoder {
  encode(part: Part): string;
  /** An event that clients skip and count as a sign of life. */
  heartbeat(): string;
}

export function createStreamEncoder(context: StreamContext): StreamEncoder {
  return new MessageStreamEncoder(context);
}

const PING = frame('ping', '{"type":"ping"}');
const STOP = frame('message_stop', '{"type":"message_stop"}');

/**
 * One block is open at a time. What comes for a later one waits in it until all before it are complete: text when
 * anything follows, a call when its input is, everything at the end of the answer.
 */
class MessageStreamEncoder implements StreamEncoder {
  private readonly answer = new AnswerBlocks();
  private readonly isWarmUp: boolean;
  /** The block that is being sent, and whether its start has been. */
  private head = 0;
  private isOpen = false;
  private hasStarted = false;
  private hasEnded = false;
  private finish: Finish | undefined;
  private usage: Usage | undefined;
  private sentTokens = 0;

  constructor(private readonly context: StreamContext) {
    this.isWarmUp = context.isWarmUp ?? false;
  }

  heartbeat(): string {
    return PING;
  }

  encode(part: Part): string {
    if (this.hasEnded) return '';
    switch (part.type) {
      case 'attempt':
        return '';
      case 'start':
        return this.start();
      case 'usage':
        this.usage = part.usage;
        return '';
      case 'succeeded':
        return this.start() + this.end();
      case 'failed':
        return this.fail(part.error);
      case 'cancelled':
        return this.fail({ code: 'cancelled', message: `The generation was cancelled: ${part.reason}` });
      default:
        return 'choice' in part && part.choice === 0 && !this.isWarmUp ? this.start() + this.take(part) : '';
    }
  }

  private start(): string {
    if (this.hasStarted) return '';
    this.hasStarted = true;
    const { id, model } = this.context;
    const usage = encodeWholeUsage(
      estimatedUsage({ inputTokens: this.context.estimateInputTokens(), outputTokens: 1 }),
    );
    const message = {
      id,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      container: null,
      usage,
    };
    return frame('message_start', JSON.stringify({ type: 'message_start', message }));
  }

  private take(part: Extract<ChatPart, { choice: number }>): string {
    if (part.type === 'finish') this.finish ??= part;
    else this.answer.add(part);
    return this.advance({ isFinal: false });
  }

  /** Sends all that can be sent now. */
  private advance({ isFinal }: { isFinal: boolean }): string {
    const { blocks } = this.answer;
    let frames = '';
    for (let block = blocks[this.head]; block !== undefined; block = blocks[this.head]) {
      frames += this.open(block) + this.delta(block);
      const isLast = this.head === blocks.length - 1;
      if (!isFinal && (isLast || !isComplete(block))) break;
      frames += this.close(block);
    }
    return frames;
  }

  private open(block: Block): string {
    if (this.isOpen) return '';
    this.isOpen = true;
    const start = { type: 'content_block_start', index: this.head, content_block: encodeBlockStart(block) };
    if (block.type === 'redacted-thinking') block.pending = '';
    return frame('content_block_start', JSON.stringify(start));
  }

  private delta(block: Block): string {
    const { pending } = block;
    if (pending === '') return '';
    block.pending = '';
    this.sentTokens += textTokens(pending);
    return this.deltaFrame(`${DELTA_HEADS[block.type]}${JSON.stringify(pending)}`);
  }

  private close(block: Block): string {
    const signature =
      block.type === 'thinking'
        ? this.deltaFrame(`"signature_delta","signature":${JSON.stringify(toWireSignature(block.signature))}`)
        : '';
    const stop = frame('content_block_stop', `{"type":"content_block_stop","index":${this.head}}`);
    this.head += 1;
    this.isOpen = false;
    return signature + stop;
  }

  private deltaFrame(typeAndText: string): string {
    return frame(
      'content_block_delta',
      `{"type":"content_block_delta","index":${this.head},"delta":{"type":${typeAndText}}}`,
    );
  }

  private end(): string {
    this.hasEnded = true;
    const frames = this.advance({ isFinal: true });
    const delta: JsonObject = {
      ...encodeStop(this.isWarmUp ? WARMED_UP : this.finish, {
        blocks: this.answer,
        stopSequences: this.context.stopSequences,
      }),
      container: null,
    };
    const event = { type: 'message_delta', delta, usage: encodeUsage(this.usage ?? this.estimate()) };
    return frames + frame('message_delta', JSON.stringify(event)) + STOP;
  }

  private estimate(): Usage {
    const outputTokens = Math.ceil(this.sentTokens);
    return estimatedUsage({ inputTokens: this.context.estimateInputTokens(), outputTokens });
  }

  private fail(error: ErrorData): string {
    this.hasEnded = true;
    return frame('error', JSON.stringify(encodeError(error, { requestId: this.context.requestId }).body));
  }
}

const DELTA_HEADS: Record<Block['type'], string> = {
  text: '"text_delta","text":',
  thinking: '"thinking_delta","thinking":',
  tool: '"input_json_delta","partial_json":',
  'redacted-thinking': '',
};

function isComplete(block: Block): boolean {
  return block.type !== 'tool' || isCompleteInput(block.input);
}

function frame(event: string, data: string): string {
  return sseEvent({ event, data });
}
