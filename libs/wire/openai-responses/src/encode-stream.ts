import type { Part } from '@sluice/contracts/part';
import type { AnswerItem } from './answer-items.js';
import { isBackground, type ResponseFrame } from './encode-frame.js';
import { AnswerRecord, type Outcome, type TokenEstimate } from './encode-outcome.js';
import { encodeResponse, encodeRunning, type Standing } from './encode-response.js';
import { ItemFrames } from './item-frames.js';
import { membersOf, StreamFrames } from './stream-frames.js';

/** Turns parts into whole SSE frames; the empty string where a part has no frame. */
export interface StreamEncoder {
  encode(part: Part): string;
  /** The events before those of any part, unless they have been told; for one who begins before a part has come. */
  begin(): string;
  /** An event that clients skip and count as a sign of life. */
  heartbeat(): string;
}

export interface StreamContext {
  frame: ResponseFrame;
  nowSeconds(): number;
  estimate?: TokenEstimate;
  /** The number of the last event that the client has; all come where it has none. */
  startingAfter?: number;
  /** The outcome that has been kept, by the time of the end: what is told and what is kept are then the same. */
  keptOutcome?(): Outcome | undefined;
}

/** The same parts and the same outcome make the same events, with the same numbers, whenever and wherever. */
export function createStreamEncoder(context: StreamContext): StreamEncoder {
  return new ResponseStreamEncoder(context);
}

type Terminal = Extract<Part, { type: 'succeeded' | 'failed' | 'cancelled' }>;

/**
 * One item is open at a time. What comes for a later one waits in it until all before it are complete: text when
 * anything follows, a call when its input is, everything at the end of the answer. What an attempt that broke off has
 * begun is ended as incomplete, and the items of the next one follow it.
 */
class ResponseStreamEncoder implements StreamEncoder {
  private readonly frames: StreamFrames;
  private readonly record = new AnswerRecord();
  private open: ItemFrames | undefined;
  private head = 0;
  private readonly isBackground: boolean;
  private hasBegun = false;
  private hasStarted = false;
  private hasEnded = false;

  constructor(private readonly context: StreamContext) {
    this.frames = new StreamFrames(context.startingAfter);
    this.isBackground = isBackground(context.frame);
  }

  heartbeat(): string {
    if (this.hasEnded) return '';
    return this.hasBegun ? this.frames.keepalive() : this.begin();
  }

  /** Tells what the client asked for, not what will serve it: who that is may change until something has been said. */
  begin(): string {
    if (this.hasBegun) return '';
    this.hasBegun = true;
    if (!this.isBackground) return this.lifecycle('created', 'in_progress') + this.start();
    return this.lifecycle('created', 'queued') + this.lifecycle('queued', 'queued');
  }

  encode(part: Part): string {
    if (this.hasEnded) return '';
    switch (part.type) {
      case 'succeeded':
      case 'failed':
      case 'cancelled':
        return this.begin() + this.end(part);
      case 'attempt':
        return this.attempt(part);
      default:
        return this.begin() + this.start() + (this.record.add(part) ? this.advance() : '');
    }
  }

  /** In the background somebody has begun with it; before a client that waits, it may yet be a status. */
  private attempt(part: Extract<Part, { type: 'attempt' }>): string {
    const told = (this.isBackground ? this.begin() + this.start() : '') + this.closeAll(() => 'incomplete');
    this.record.add(part);
    this.head = 0;
    return told;
  }

  private start(): string {
    if (this.hasStarted) return '';
    this.hasStarted = true;
    return this.lifecycle('in_progress', 'in_progress');
  }

  private lifecycle(name: 'created' | 'queued' | 'in_progress', standing: Standing): string {
    return this.frames.frame(`response.${name}`, membersOf({ response: encodeRunning(this.context.frame, standing) }));
  }

  /** Sends all that can be sent now. */
  private advance(): string {
    const { items } = this.record.answer;
    let told = '';
    for (let item = items[this.head]; item; item = items[this.head]) {
      const isLast = this.head === items.length - 1;
      if (isLast || !isComplete(item)) return told + this.framesOf(item).advance();
      told += this.close(item, 'completed');
    }
    return told;
  }

  private framesOf(item: AnswerItem): ItemFrames {
    const index = this.record.firstIndex + this.head;
    this.open ??= new ItemFrames(item, this.frames, { frame: this.context.frame, index });
    return this.open;
  }

  private close(item: AnswerItem, status: 'completed' | 'incomplete'): string {
    const told = this.framesOf(item).close(status);
    this.open = undefined;
    this.head += 1;
    return told;
  }

  /** All that is still open or waits behind it. */
  private closeAll(statusOf: (isLast: boolean) => 'completed' | 'incomplete'): string {
    const { items } = this.record.answer;
    let told = '';
    for (let item = items[this.head]; item; item = items[this.head])
      told += this.close(item, statusOf(this.head === items.length - 1));
    return told;
  }

  private end(part: Terminal): string {
    this.hasEnded = true;
    const isCut = this.record.lastStatus(part) === 'incomplete';
    const told = this.closeAll((isLast) => (isCut && isLast ? 'incomplete' : 'completed'));
    const { frame, nowSeconds, estimate, keptOutcome } = this.context;
    const outcome = keptOutcome?.() ?? this.record.outcome(part, { frame, completedSeconds: nowSeconds(), estimate });
    const type = TERMINALS[String(outcome.members['status'])] ?? 'response.failed';
    return told + this.frames.frame(type, membersOf({ response: encodeResponse(frame, outcome) }));
  }
}

/** A cancelled one has no event of its own: it did not complete. */
const TERMINALS: Record<string, string> = {
  completed: 'response.completed',
  incomplete: 'response.incomplete',
};

/** Nothing more can come that belongs to it. */
function isComplete(item: AnswerItem): boolean {
  if (item.type !== 'call') return true;
  return item.call.custom !== true && item.text.trimEnd().endsWith('}') && isJson(item.text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
