import type { DurableChange } from '@sluice/domain-generations/durable-change';
import type { Part } from '@sluice/contracts/part';
import { isRowFault } from '@sluice/platform-postgres/postgres-fault';
import type { DurableDeps } from './durable-deps.js';
import { insist, SAVE_FOR_MS } from './insist.js';

export type AttemptChange = Omit<DurableChange, 'id' | 'attempt' | 'expected' | 'afterSequence'>;

export interface AttemptWriterOptions {
  id: string;
  attempt: number;
  /** The end of the log that the attempt goes on. */
  lastSequence: number;
  /** Somebody has ended it, or has gone on with it. */
  onReplaced(): void;
}

type Deps = Pick<DurableDeps<unknown>, 'steps' | 'clock' | 'timing' | 'onUnexpected'>;

/** It says so often that it lives, and hears whether it still may. */
const BEAT_MS = 1_000;

/**
 * The pen of an attempt whose worker is the only one that knows of it: one write at a time, each of them once, and a beat
 * between them. Who was taken for lost, and is not, takes the row back with its next beat.
 */
export class AttemptWriter {
  isReplaced = false;
  /** Until then nobody else looks after the row. */
  aliveUntilMs: number;
  private readonly waiting: Part[] = [];
  private queue: Promise<unknown> = Promise.resolve();
  private lastSequence: number;
  private cancelBeat: () => void = () => {};
  private isStopped = false;

  constructor(
    private readonly deps: Deps,
    private readonly options: AttemptWriterOptions,
  ) {
    this.lastSequence = options.lastSequence;
    this.aliveUntilMs = deps.clock.now() + deps.timing.silenceMs;
  }

  start(): void {
    if (this.isStopped) return;
    this.cancelBeat = this.deps.clock.after(BEAT_MS, () => void this.tell().finally(() => this.start()));
  }

  /** No beat comes after it. */
  stop(): void {
    this.isStopped = true;
    this.cancelBeat();
  }

  /** What cannot be written now goes with the next write. */
  async tell(...parts: Part[]): Promise<void> {
    this.waiting.push(...parts);
    await this.write({}).catch((error: unknown) => this.deps.onUnexpected(error, this.options.id));
  }

  /** What is paid is not lost for want of a database. False where somebody newer has the row. */
  save(change: AttemptChange): Promise<boolean> {
    return insist(() => this.write(change), { forMs: SAVE_FOR_MS, clock: this.deps.clock, isFinal: isRowFault });
  }

  private write(change: AttemptChange): Promise<boolean> {
    const written = this.queue.then(() => this.send(change));
    this.queue = written.catch(() => {});
    return written;
  }

  private async send(change: AttemptChange): Promise<boolean> {
    if (this.isReplaced) return false;
    const { steps, clock, timing } = this.deps;
    const { id, attempt } = this.options;
    const stepAtMs = clock.now() + timing.silenceMs;
    const moved = await steps.advanceOne({
      id,
      expected: ['submitting', 'submit_unknown'],
      attempt,
      afterSequence: this.lastSequence,
      state: 'submitting',
      stepAtMs,
      ...change,
      parts: [...this.waiting, ...(change.parts ?? [])],
    });
    if (moved) return this.written(moved.lastSequence, stepAtMs);
    const row = await steps.find(id);
    if (row?.attempt === attempt) {
      // An earlier write whose answer was lost: of this one, too.
      if (row.state === change.state) return this.written(row.lastSequence, stepAtMs);
      if (row.state === 'submitting' && row.lastSequence > this.lastSequence) {
        this.written(row.lastSequence, stepAtMs);
        return this.send(change);
      }
    }
    this.isReplaced = true;
    this.options.onReplaced();
    return false;
  }

  /** Only this attempt appends to the log while it is the row's last, in the order in which the parts wait. */
  private written(lastSequence: number, aliveUntilMs: number): true {
    this.waiting.splice(0, lastSequence - this.lastSequence);
    this.lastSequence = lastSequence;
    this.aliveUntilMs = aliveUntilMs;
    return true;
  }
}
