import type { PartRecord } from '@sluice/contracts/part';

/** Batches of parts between one who pushes and one who reads: ends by `end`, or at once by `fail`. */
export class PartQueue implements AsyncIterable<PartRecord[]> {
  private readonly batches: PartRecord[][] = [];
  private wake: (() => void) | undefined;
  private ended = false;
  private failure: Error | undefined;

  push(records: PartRecord[]): void {
    this.batches.push(records);
    this.signal();
  }

  /** No more will come; what is here can still be read. */
  end(): void {
    this.ended = true;
    this.signal();
  }

  fail(reason: Error): void {
    this.failure ??= reason;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<PartRecord[]> {
    for (;;) {
      const batch = this.batches.shift();
      if (batch) {
        yield batch;
      } else if (this.ended) {
        if (this.failure) throw this.failure;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }

  private signal(): void {
    const wake = this.wake;
    this.wake = undefined;
    wake?.();
  }
}
