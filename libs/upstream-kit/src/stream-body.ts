import type { Clock } from '@sluice/contracts/clock';
import type { HttpResponse } from '@sluice/contracts/http-port';

/** How long a body that has said all may take to end, so that its connection can serve again. */
const LINGER_MS = 250;
const LINGER_BYTES = 64 * 1024;

const SKIPPED_BYTES = new Set([0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d]);

export interface StreamBodyOptions {
  clock: Clock;
  signal: AbortSignal;
}

/**
 * An answer's body that was asked for as a stream. It can be looked at before it is read, since some vendors answer
 * with a whole object or a web page; and one that is left early is read out for a moment instead of being cut.
 */
export class StreamBody implements AsyncIterable<Uint8Array> {
  private readonly source: AsyncIterator<Uint8Array>;
  private seen: Uint8Array[] = [];
  private isEnded = false;

  constructor(
    private readonly response: HttpResponse,
    private readonly options: StreamBodyOptions,
  ) {
    this.source = response.body[Symbol.asyncIterator]();
  }

  /** The first byte that is no white space; undefined for an empty body. Nothing is lost for the reading. */
  async firstByte(): Promise<number | undefined> {
    for (;;) {
      const { done, value } = await this.pull();
      if (done === true) return undefined;
      this.seen.push(value);
      const first = value.find((byte) => !SKIPPED_BYTES.has(byte));
      if (first !== undefined) return first;
    }
  }

  /** All of it as text; undefined where it is longer than `maximumBytes`. */
  async text(maximumBytes: number): Promise<string | undefined> {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of this) {
      bytes += piece.length;
      if (bytes > maximumBytes) return undefined;
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: () => {
        const value = this.seen.shift();
        return value === undefined ? this.pull() : Promise.resolve({ done: false, value });
      },
      return: async () => {
        await this.leave();
        return { done: true, value: undefined };
      },
    };
  }

  private async pull(): Promise<IteratorResult<Uint8Array>> {
    const result = await this.source.next();
    if (result.done === true) this.isEnded = true;
    return result;
  }

  private async leave(): Promise<void> {
    if (!this.isEnded && !this.options.signal.aborted) await this.linger();
    if (!this.isEnded) this.response.discard();
  }

  private linger(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.options.clock.after(LINGER_MS, resolve);
      const finish = (): void => {
        cancel();
        resolve();
      };
      this.readOut().then(finish, finish);
    });
  }

  private async readOut(): Promise<void> {
    let bytes = 0;
    while (bytes <= LINGER_BYTES) {
      const { done, value } = await this.pull();
      if (done === true) return;
      bytes += value.length;
    }
  }
}
