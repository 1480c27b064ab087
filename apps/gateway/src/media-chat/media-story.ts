import type { ChatPart, LifecyclePart, Usage } from '@sluice/contracts/chat-part';
import type { Clock } from '@sluice/contracts/clock';
import type { DurablePart } from '@sluice/contracts/durable-part';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import { isTerminal, type Part, type PartRecord } from '@sluice/contracts/part';
import type { MediaProgress } from '@sluice/domain-settings/media-chat';
import { inWireWords } from '@sluice/wire-openai-videos/wire-words';
import { orQuiet, QUIET } from './or-quiet.js';
import { type ProgressWords, progressWords } from './progress-words.js';

export type Result = Extract<DurablePart, { type: 'result' }>;
type Maker = Extract<LifecyclePart, { type: 'attempt' }>;

export interface MediaStoryOptions {
  kind: 'video' | 'image' | 'character';
  tail: AsyncIterable<PartRecord[]>;
  progress: MediaProgress;
  /** What is begun, by the name that finds it again, and how many pictures it is made from. */
  begun: { name: string; pictures: number; isStoryboard?: boolean };
  /** While it waits. */
  place(): Promise<{ position: number; etaSeconds: number | undefined } | undefined>;
  /** The answer's text. */
  show(result: Result): Promise<string | readonly string[]>;
  usage(result: Result, text: string): Usage;
  clock: Clock;
}

/** As often the old ones said that they were still at it. */
const QUIET_MS = 10_000;

/**
 * The log of a video or of pictures as an answer of a conversation. Nothing is told before something really went on, so
 * that what is refused at once can still become a status.
 */
export class MediaStory implements AsyncIterable<PartRecord[]> {
  /** What is told of has ended, whatever becomes of the telling. */
  isOver = false;
  private readonly words: ProgressWords;
  private readonly beganMs: number;
  /** Who does it: goes out with the first word. */
  private held: LifecyclePart[] = [];
  private isBegun = false;
  private percent: number | undefined;
  private result: Result | undefined;
  private maker: Maker | undefined;
  private sequence = 0;

  constructor(private readonly options: MediaStoryOptions) {
    this.words = progressWords(options.kind, { isText: options.progress === 'content' });
    this.beganMs = options.clock.now();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PartRecord[]> {
    const { tail, clock } = this.options;
    for await (const came of orQuiet(tail, { clock, everyMs: QUIET_MS })) {
      const parts: Part[] = [];
      if (came === QUIET) parts.push(...(await this.whileQuiet()));
      else for (const { part } of came) parts.push(...(await this.tell(part)));
      if (parts.length > 0) yield parts.map((part) => ({ sequence: (this.sequence += 1), part }));
    }
  }

  private async tell(part: Part): Promise<Part[]> {
    this.isOver ||= isTerminal(part);
    switch (part.type) {
      case 'attempt':
        return this.tellAttempt(part);
      case 'progress':
        return this.tellPercent(part.progress, this.words.progress(part.progress));
      case 'result':
        this.result = part;
        return [];
      case 'succeeded':
        return this.tellEnd(part);
      case 'failed':
        return [...this.held.splice(0), ...this.tellRefusal(part.error), { ...part, error: inWireWords(part.error) }];
      case 'cancelled':
        return [...this.held.splice(0), part];
      default:
        return [];
    }
  }

  /** A second one is told where the first was; else only the last counts. */
  private tellAttempt(part: Maker): Part[] {
    this.maker = part;
    if (this.isBegun) return [part, ...this.said(this.words.again(part.attempt))];
    this.held = [part];
    return [];
  }

  /** What is refused at once is a status, and nothing is told before it. */
  private tellRefusal({ code, message }: ErrorData): Part[] {
    if (!this.isBegun || code !== 'content_refused') return [];
    // Those of them that read the answer alone look for it there.
    return [...this.said(this.words.refused(message)), ...this.endThoughts(), textOf(`❌ 生成失败: ${message}\n`)];
  }

  private tellPercent(percent: number, line: string): Part[] {
    this.percent = percent;
    return [...this.begin(), ...this.said(line)];
  }

  private async whileQuiet(): Promise<Part[]> {
    const { clock, place, progress } = this.options;
    if (progress === 'none') return [];
    const found = this.percent ? undefined : await place();
    if (found) return this.tellPercent(0, this.words.waiting(found));
    const elapsedSeconds = Math.round((clock.now() - this.beganMs) / 1000);
    const percent = this.percent ?? 0;
    return this.tellPercent(percent, this.words.still({ percent, elapsedSeconds }));
  }

  private async tellEnd(end: Part): Promise<Part[]> {
    const { result } = this;
    if (!result) return [{ type: 'failed', error: { code: 'internal', message: 'It ended without a result.' } }];
    const told = this.begin();
    // Clients wait for a number with a percent sign.
    if (!this.percent) told.push(...this.said(this.words.progress(100)));
    told.push(...this.said(this.words.done(madeOf(result, this.maker))), ...this.endThoughts());
    const texts = [await this.options.show(result)].flat();
    return [
      ...told,
      ...texts.map((text) => textOf(text)),
      { type: 'finish', choice: 0, reason: 'stop' },
      { type: 'usage', usage: this.options.usage(result, texts.join('')) },
      end,
    ];
  }

  private begin(): Part[] {
    const parts: Part[] = this.held.splice(0);
    if (this.isBegun) return parts;
    this.isBegun = true;
    if (this.options.progress === 'think') parts.push(textOf('<think>\n'));
    return [...parts, ...this.said(this.words.begin(this.options.begun))];
  }

  private endThoughts(): Part[] {
    return this.options.progress === 'think' ? [textOf('\n</think>\n')] : [];
  }

  private said(text: string): Part[] {
    switch (this.options.progress) {
      case 'none':
        return [];
      case 'reasoning':
        return [{ type: 'reasoning-delta', choice: 0, text }];
      case 'content':
      case 'think':
        return [textOf(text)];
    }
  }
}

/** What ran, and what came of it: it may be other than the model's name says. */
function madeOf({ facts }: Result, maker: Maker | undefined): string {
  const { durationSeconds, size } = facts;
  const seconds = typeof durationSeconds === 'number' ? `${durationSeconds} s` : '';
  const told = [maker ? `${maker.upstream}/${maker.model}` : '', seconds, typeof size === 'string' ? size : ''];
  return told.filter((word) => word !== '').join(', ');
}

function textOf(text: string): ChatPart {
  return { type: 'text-delta', choice: 0, text };
}
