import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import type { AnswerRecorder } from './answer-recorder.js';
import type { BatchLine, LineOutcome } from './batch-line.js';
import { HOLD_MS } from './batch-limits.js';
import type { LineSource } from './line-source.js';
import { awaitLine, giveBackLine } from './line-statements.js';

export interface LineRunnerOptions {
  postgres: Queryable;
  clock: Clock;
  holder: string;
  source: Pick<LineSource, 'takeEnded' | 'takeNext' | 'hold'>;
  recorder: Pick<AnswerRecorder, 'record' | 'stop'>;
  /** How many of so many may begin now: who waits on a socket goes first. */
  allow(wanted: number): number;
  /** Throws where something of ours is away: the line is tried again. */
  execute(line: BatchLine): Promise<LineOutcome>;
  onError(error: unknown): void;
  atOnce?: number;
}

const AT_ONCE = 32;
const LOOK_EVERY_MS = 250;
const IDLE_LOOK_MS = 1_000;
const AFTER_FAILURE_MS = 2_000;

/** Makes the lines of batches, so many at once, beside the runners of the other processes: the rows say who has what. */
export class LineRunner {
  private readonly running = new Map<Promise<void>, BatchLine>();
  private cancelLook = () => {};
  private cancelHold = () => {};
  private looking: Promise<void> | undefined;
  private isAsked = false;
  private isTaking = false;
  private isIdle = false;
  private nextEndedLookMs = 0;

  constructor(private readonly options: LineRunnerOptions) {}

  start(): void {
    this.isTaking = true;
    this.scheduleHold();
    this.wake();
  }

  /** Lines may be due, or there may be room for more. */
  wake(): void {
    this.isAsked = true;
    if (!this.isTaking || this.looking) return;
    this.cancelLook();
    this.looking = this.look();
  }

  /** Takes no more; what runs goes on. */
  drain(): void {
    this.isTaking = false;
    this.cancelLook();
  }

  /** What still runs is given back: another makes it again, under the same name. */
  async stop(): Promise<void> {
    this.drain();
    this.cancelHold();
    await this.looking;
    this.options.recorder.stop();
    const lines = [...this.running.values()];
    await Promise.all(
      lines.map((line) => this.giveBack(line, { afterMs: 0, uncounted: 1 }).catch(this.options.onError)),
    );
  }

  /** Takes what there is room for; undefined where no batch runs. */
  async takeDue(): Promise<number | undefined> {
    const { source, allow, atOnce = AT_ONCE } = this.options;
    const free = atOnce - this.running.size;
    if (free <= 0) return 0;
    const ended = await this.takeEnded(free);
    const room = allow(free - ended.length);
    if (room <= 0) return ended.length;
    const next = await source.takeNext(room);
    next?.forEach((line) => this.run(line));
    return next ? ended.length + next.length : ended.length || undefined;
  }

  /** Resolves when nothing runs. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running.keys());
  }

  private async takeEnded(free: number): Promise<BatchLine[]> {
    const nowMs = this.options.clock.now();
    if (nowMs < this.nextEndedLookMs) return [];
    this.nextEndedLookMs = nowMs + LOOK_EVERY_MS;
    const ended = await this.options.source.takeEnded(free);
    ended.forEach((line) => this.run(line));
    return ended;
  }

  private async look(): Promise<void> {
    while (this.isAsked && this.isTaking) {
      this.isAsked = false;
      try {
        this.isIdle = (await this.takeDue()) === undefined;
      } catch (error) {
        this.options.onError(error);
      }
    }
    // At once after the last look at `isAsked`: who asks now begins a new one.
    this.looking = undefined;
    const delayMs = this.isIdle ? IDLE_LOOK_MS : LOOK_EVERY_MS;
    if (this.isTaking) this.cancelLook = this.options.clock.after(delayMs, () => this.wake());
  }

  private run(line: BatchLine): void {
    const { atOnce = AT_ONCE, onError } = this.options;
    const running = this.make(line)
      // A line whose end could not be noted is taken again when its time is over.
      .catch(onError)
      .finally(() => {
        this.running.delete(running);
        // Many at a time are taken by one statement.
        if (this.running.size <= atOnce / 2) this.wake();
      });
    this.running.set(running, line);
  }

  private async make(line: BatchLine): Promise<void> {
    const { postgres, holder, recorder } = this.options;
    const outcome = await this.execute(line);
    if (outcome.type === 'again') return this.giveBack(line, { afterMs: outcome.afterMs, uncounted: 0 });
    if (outcome.type === 'awaits')
      return void (await awaitLine.run(postgres, line.batchId, line.number, holder, outcome.generationId));
    await recorder.record(line, outcome);
  }

  private async execute(line: BatchLine): Promise<LineOutcome> {
    try {
      return await this.options.execute(line);
    } catch (error) {
      this.options.onError(error);
      return { type: 'again', afterMs: AFTER_FAILURE_MS };
    }
  }

  private async giveBack(
    { batchId, number }: BatchLine,
    { afterMs, uncounted }: { afterMs: number; uncounted: number },
  ): Promise<void> {
    const { postgres, clock, holder } = this.options;
    await giveBackLine.run(postgres, batchId, number, holder, new Date(clock.now() + afterMs), uncounted);
  }

  private scheduleHold(): void {
    const { clock, source, onError } = this.options;
    this.cancelHold = clock.after(HOLD_MS / 3, () => {
      source.hold([...this.running.values()]).catch(onError);
      this.scheduleHold();
    });
  }
}
