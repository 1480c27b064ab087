import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { toHttpError } from './http-error.js';

export interface CallOptions {
  signal: AbortSignal;
  host: string;
  /** Ended with the call: one that fails early does not read it. */
  body: Readable | undefined;
}

export interface AnswerHead {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

type Controller = Dispatcher.DispatchController;

/** With more than this unread, the upstream is read no further. */
const HELD_BYTES = 64 * 1024;

/**
 * One call by undici's dispatcher, and its answer as it comes. The library's own `request` makes a stream, an iterator and
 * watchers of both for each answer: more work than all that an adapter does with a short one.
 */
export class HttpCall implements Dispatcher.DispatchHandler {
  readonly head: Promise<AnswerHead>;
  private settleHead: { resolve(head: AnswerHead): void; reject(error: Error): void } | undefined;
  private controller: Controller | undefined;
  /**
   * Set when the request is given to a connected socket. Before it, whatever fails, the upstream saw nothing: a proof that no
   * list of error codes can give.
   */
  private isStarted = false;
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  private isUnwanted = false;
  private end: { error?: GatewayError } | undefined;
  private isCut = false;
  private news: { promise: Promise<void>; tell: () => void } | undefined;

  constructor(private readonly options: CallOptions) {
    this.head = new Promise((resolve, reject) => {
      this.settleHead = { resolve, reject };
    });
    const { signal } = options;
    if (signal.aborted) this.abort();
    else signal.addEventListener('abort', this.abort);
  }

  onRequestStart(controller: Controller): void {
    this.controller = controller;
    // Cancelled while it waited for its connection: it ends here, unwritten.
    if (this.end) controller.abort(new Error('The call has ended.'));
    else this.isStarted = true;
  }

  onResponseStart(_controller: Controller, status: number, headers: AnswerHead['headers']): void {
    if (status < 200) return;
    this.settleHead?.resolve({ status, headers });
    this.settleHead = undefined;
  }

  onResponseData(controller: Controller, chunk: Uint8Array): void {
    if (this.isUnwanted || this.end) return;
    this.held.push(chunk);
    this.heldBytes += chunk.byteLength;
    if (this.heldBytes > HELD_BYTES) controller.pause();
    this.wake();
  }

  onResponseEnd(): void {
    this.finish({});
  }

  onResponseError(_controller: Controller | undefined, error: Error): void {
    this.fail(error);
  }

  /** Also for what fails as the call is made. */
  fail(cause: unknown): void {
    if (this.end) return;
    const { signal, host } = this.options;
    const error = toHttpError({ error: cause, signal, isStarted: this.isStarted, host });
    this.finish({ error });
    this.options.body?.destroy();
    this.settleHead?.reject(error);
    this.settleHead = undefined;
  }

  /** The next piece; nothing at the end. */
  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = this.held.shift();
      if (chunk) {
        this.heldBytes -= chunk.byteLength;
        return chunk;
      }
      if (this.isOver()) return undefined;
      await this.more();
    }
  }

  /** The whole answer; nothing where it is longer. Fails where the rest of it was thrown away. */
  async readAll(maximumBytes: number): Promise<Buffer | undefined> {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for (;;) {
      bytes += this.heldBytes;
      pieces.push(...this.held);
      this.held = [];
      this.heldBytes = 0;
      if (bytes > maximumBytes) {
        this.cut();
        return undefined;
      }
      if (this.isOver()) break;
      await this.more();
    }
    if (this.isCut) throw thrownAway(this.options.host);
    return joined(pieces, bytes);
  }

  /** The rest is read for nobody: the connection can be used again. */
  drain(): void {
    this.isUnwanted = true;
    this.held = [];
    this.controller?.resume();
  }

  /** What has not come yet is not wanted: the connection ends. */
  cut(): void {
    if (this.end) return;
    this.isCut = true;
    this.finish({});
    this.held = [];
    this.controller?.abort(new Error('The rest of the answer is not wanted.'));
  }

  /** All was read, and nothing more comes. */
  private isOver(): boolean {
    if (this.held.length > 0 || !this.end) return false;
    if (this.end.error) throw this.end.error;
    return true;
  }

  /** All that is held was read: resolves when there is more, or the end. */
  private more(): Promise<void> {
    this.news ??= newsToCome();
    const { promise } = this.news;
    // May bring them at once.
    this.controller?.resume();
    return promise;
  }

  private readonly abort = (): void => {
    this.held = [];
    this.fail(this.options.signal.reason);
    this.controller?.abort(new Error('The call was cancelled.'));
  };

  private finish(end: { error?: GatewayError }): void {
    if (this.end) return;
    this.end = end;
    this.options.signal.removeEventListener('abort', this.abort);
    this.wake();
  }

  private wake(): void {
    this.news?.tell();
    this.news = undefined;
  }
}

/** Most answers are one piece, which is not copied. */
function joined(pieces: Uint8Array[], bytes: number): Buffer {
  const [first] = pieces;
  if (first && pieces.length === 1) return Buffer.from(first.buffer, first.byteOffset, first.byteLength);
  return Buffer.concat(pieces, bytes);
}

/** For all who wait. */
function newsToCome(): { promise: Promise<void>; tell: () => void } {
  let tell = () => {};
  const promise = new Promise<void>((resolve) => {
    tell = resolve;
  });
  return { promise, tell };
}

function thrownAway(host: string): GatewayError {
  const message = `The answer of ${host} was thrown away before all of it was read.`;
  return new GatewayError('upstream_interrupted', message, { saw: 'unknown' });
}
