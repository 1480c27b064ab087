import { isTerminal, type PartRecord } from '@sluice/contracts/part';
import { PartQueue } from './part-queue.js';

/**
 * One reader's place in one log. Messages may come twice, late or not at all: what is new is passed on in order,
 * and a gap is reported instead of being skipped.
 */
export class LiveTail implements AsyncIterable<PartRecord[]> {
  private readonly queue = new PartQueue();
  private nextSequence: number;
  private ended = false;

  constructor(
    readonly generationId: string,
    afterSequence: number,
    private readonly onClose: (tail: LiveTail) => void,
  ) {
    this.nextSequence = afterSequence + 1;
  }

  get next(): number {
    return this.nextSequence;
  }

  get isEnded(): boolean {
    return this.ended;
  }

  /** Takes what is new of `records`, which are contiguous. Returns false when parts before them are missing. */
  offer(records: PartRecord[]): boolean {
    const first = records[0];
    const last = records.at(-1);
    if (this.ended || !first || !last) return true;
    if (first.sequence > this.nextSequence) return false;
    if (last.sequence < this.nextSequence) return true;
    const fresh = first.sequence === this.nextSequence ? records : records.slice(this.nextSequence - first.sequence);
    this.nextSequence = last.sequence + 1;
    this.queue.push(fresh);
    if (isTerminal(last.part)) this.close();
    return true;
  }

  fail(reason: Error): void {
    if (this.ended) return;
    this.queue.fail(reason);
    this.close();
  }

  /** Stops listening; what was taken can still be read. */
  close(): void {
    if (this.ended) return;
    this.ended = true;
    this.queue.end();
    this.onClose(this);
  }

  [Symbol.asyncIterator](): AsyncIterator<PartRecord[]> {
    return this.queue[Symbol.asyncIterator]();
  }
}
