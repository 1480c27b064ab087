import type { Clock } from '@sluice/contracts/clock';
import { InFlight } from '@sluice/contracts/in-flight';
import { encodeRecord, type GenerationRecord } from './generation-record.js';

const FLUSH_MS = 25;
const LARGEST_BATCH = 500;
/** Beyond this the database has been away too long: the oldest records are given up, counted and logged. */
const LARGEST_BACKLOG = 50_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

export interface GenerationWriterOptions {
  /** Writes a batch in one statement: rows are as `encodeRecord` makes them. */
  write(rows: string[]): Promise<void>;
  /** True for a failure that is the rows' own fault, which no repetition mends. */
  isRowFault(error: unknown): boolean;
  clock: Clock;
  onDropped(generationId: string, error: unknown): void;
  onError(error: unknown): void;
}

interface Waiting {
  id: string;
  dueAtMs: number;
}

/**
 * Writes generations to Postgres in batches, one statement at a time: the busier it is, the larger they get.
 * Only the newest record of a generation counts, and a record that is not yet due may be overtaken, so that a short
 * request costs one row write in all.
 */
export class GenerationWriter {
  private due = new Map<string, GenerationRecord>();
  private readonly waiting = new InFlight<GenerationRecord>();
  /** Those that waited or still do, the soonest first. */
  private queue: Waiting[] = [];
  private cancelTimer: (() => void) | undefined;
  private flushing: Promise<void> | undefined;
  private retryMs = 0;

  constructor(private readonly options: GenerationWriterOptions) {}

  /** To be written with the next batch. */
  record(record: GenerationRecord): void {
    this.waiting.delete(record.generation.id);
    this.due.set(record.generation.id, record);
    this.arm(this.retryMs || FLUSH_MS);
  }

  /** To be written in a while, unless a newer record or `forget` comes first. Use one delay per writer. */
  recordLater(record: GenerationRecord, delayMs: number): void {
    const { id } = record.generation;
    this.waiting.set(id, record);
    this.queue.push({ id, dueAtMs: this.options.clock.now() + delayMs });
    this.arm(this.retryMs || FLUSH_MS);
  }

  /** Somebody else writes this generation now. */
  forget(generationId: string): void {
    this.waiting.delete(generationId);
  }

  /** How many records are not written yet. */
  get backlog(): number {
    return this.due.size + this.waiting.size;
  }

  /** Writes everything now, due or not; gives up when the database does not take it. */
  async drain(): Promise<void> {
    this.takeDue(Infinity);
    await this.flushing;
    while (this.due.size > 0 && this.retryMs === 0) await this.writeBatch();
    this.cancelTimer?.();
  }

  private arm(delayMs: number): void {
    this.cancelTimer ??= this.options.clock.after(delayMs, () => {
      this.cancelTimer = undefined;
      this.flush();
    });
  }

  private flush(): void {
    this.takeDue(this.options.clock.now());
    this.flushing ??= this.writeBatch().finally(() => {
      this.flushing = undefined;
      if (this.backlog > 0) this.arm(this.retryMs || FLUSH_MS);
    });
  }

  private takeDue(untilMs: number): void {
    let count = 0;
    for (const { id, dueAtMs } of this.queue) {
      if (dueAtMs > untilMs) break;
      count += 1;
      const record = this.waiting.get(id);
      if (record === undefined) continue;
      this.waiting.delete(id);
      this.due.set(id, record);
    }
    this.queue.splice(0, count);
  }

  private async writeBatch(): Promise<void> {
    if (this.due.size === 0) return;
    const batch = this.takeBatch();
    try {
      await this.writeRows([...batch.values()]);
      this.retryMs = 0;
    } catch (error) {
      this.putBack(batch, error);
    }
  }

  private takeBatch(): Map<string, GenerationRecord> {
    const { due } = this;
    const entries = due.size > LARGEST_BATCH ? [...due] : undefined;
    // A new one each time: see `InFlight`.
    this.due = new Map(entries?.slice(LARGEST_BATCH));
    return entries === undefined ? due : new Map(entries.slice(0, LARGEST_BATCH));
  }

  /** A batch that a row spoils is halved until the row stands alone, and is given up. */
  private async writeRows(records: GenerationRecord[]): Promise<void> {
    const { write, isRowFault, onDropped } = this.options;
    try {
      await write(records.map(encodeRecord));
    } catch (error) {
      if (!isRowFault(error)) throw error;
      const [first] = records;
      if (records.length === 1 && first) {
        onDropped(first.generation.id, error);
        return;
      }
      const middle = Math.ceil(records.length / 2);
      await this.writeRows(records.slice(0, middle));
      await this.writeRows(records.slice(middle));
    }
  }

  private putBack(batch: Map<string, GenerationRecord>, error: unknown): void {
    this.options.onError(error);
    this.retryMs = Math.min(Math.max(this.retryMs * 2, FIRST_RETRY_MS), LONGEST_RETRY_MS);
    for (const [id, record] of batch) if (!this.due.has(id)) this.due.set(id, record);
    for (const [id] of this.due) {
      if (this.due.size <= LARGEST_BACKLOG) break;
      this.due.delete(id);
      this.options.onDropped(id, error);
    }
  }
}
