import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.js';
import type { RequestRecord } from '../control/request-record.js';

const goneReason = 'the connection is gone';

/** One request and its reply, with what the simulator knows about them. */
export class Exchange {
  /** Values of the route's `:name` segments, percent-decoded. */
  parameters: readonly string[] = [];
  #leaving: AbortController | undefined;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly path: string,
    readonly record: RequestRecord,
    readonly clock: Clock,
  ) {}

  markFirstByte(): void {
    this.record.firstByteAt = this.clock();
  }

  /** Aborted when the connection is gone. Made on demand: the quick path needs none. */
  get signal(): AbortSignal {
    if (this.#leaving === undefined) {
      const leaving = new AbortController();
      this.#leaving = leaving;
      // A reason of our own spares making an error with a stack for every exchange.
      if (this.response.closed || this.response.destroyed) leaving.abort(goneReason);
      else this.response.once('close', () => leaving.abort(goneReason));
    }
    return this.#leaving.signal;
  }

  /** Closes the connection on purpose, so that the journal does not take it for a client that left. */
  hangUp(): void {
    this.record.outcome = 'cut';
    this.response.socket?.destroy();
  }
}
