import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { HOLD_MS } from './batch-limits.js';
import type { BatchRow } from './batch-row.js';
import { claimBatch, closeBatches, holdBatch } from './batch-statements.js';

export interface BatchTenderOptions {
  postgres: Queryable;
  clock: Clock;
  holder: string;
  validate(batch: BatchRow, signal: AbortSignal): Promise<void>;
  /** False where it is too early. */
  finish(batch: BatchRow, signal: AbortSignal): Promise<boolean>;
  onError(error: unknown): void;
}

const LOOK_EVERY_MS = 1_000;

/** Moves batches on: looks through their files, closes what is answered or late, writes answers out. One at a time in a process, beside those of the other processes. */
export class BatchTender {
  private readonly ending = new AbortController();
  private cancelTimer = () => {};
  private looking: Promise<void> | undefined;
  private isAsked = false;
  private isStopped = true;

  constructor(private readonly options: BatchTenderOptions) {}

  start(): void {
    this.isStopped = false;
    this.wake();
  }

  /** Something may be to be done. */
  wake(): void {
    this.isAsked = true;
    if (this.isStopped || this.looking) return;
    this.cancelTimer();
    this.looking = this.look();
  }

  /** What is under way is left to another. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.cancelTimer();
    this.ending.abort();
    await this.looking;
  }

  /** Does the next thing; false where there is none. */
  async tendNext(): Promise<boolean> {
    const { postgres, clock, holder } = this.options;
    await closeBatches.run(postgres, new Date(clock.now()));
    const nowMs = clock.now();
    const batch = await claimBatch.first(postgres, holder, new Date(nowMs), new Date(nowMs + HOLD_MS));
    if (!batch) return false;
    return this.hold(batch);
  }

  private async hold(batch: BatchRow): Promise<boolean> {
    const { validate, finish, onError } = this.options;
    const lost = new AbortController();
    const letGo = this.keepHolding(batch, lost);
    const signal = AbortSignal.any([this.ending.signal, lost.signal]);
    let isDone = true;
    try {
      if (batch.status === 'validating') await validate(batch, signal);
      else isDone = await finish(batch, signal);
    } catch (error) {
      if (!signal.aborted) onError(error);
    } finally {
      letGo();
    }
    if (this.ending.signal.aborted || !isDone) await this.holdFor(batch, isDone ? 0 : LOOK_EVERY_MS);
    return isDone;
  }

  private keepHolding(batch: BatchRow, lost: AbortController): () => void {
    const { clock, onError } = this.options;
    let cancel = () => {};
    const hold = () => {
      cancel = clock.after(HOLD_MS / 3, () => {
        hold();
        this.holdFor(batch, HOLD_MS).then((isHeld) => isHeld || lost.abort(), onError);
      });
    };
    hold();
    return () => cancel();
  }

  private async holdFor({ id, status }: BatchRow, holdMs: number): Promise<boolean> {
    const { postgres, clock, holder } = this.options;
    return (await holdBatch.run(postgres, id, holder, status, new Date(clock.now() + holdMs))) > 0;
  }

  private async look(): Promise<void> {
    while (this.isAsked && !this.isStopped) {
      this.isAsked = false;
      try {
        while (!this.isStopped && (await this.tendNext()));
      } catch (error) {
        this.options.onError(error);
      }
    }
    // At once after the last look at `isAsked`: who asks now begins a new one.
    this.looking = undefined;
    if (!this.isStopped) this.cancelTimer = this.options.clock.after(LOOK_EVERY_MS, () => this.wake());
  }
}
