import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { ResponseParser } from './response-parser.js';

export interface AnswerListener {
  onStatus(status: number): void;
  onData(text: string): void;
  /** Undefined: the answer is complete. */
  onDone(failure: string | undefined): void;
}

/** One keep-alive connection with one request at a time; it connects again by itself. */
export class LoadConnection {
  private socket: Socket | undefined;
  private parser: ResponseParser | undefined;
  private listener: AnswerListener | undefined;

  constructor(
    private readonly address: { host: string; port: number },
    private readonly request: Buffer,
  ) {}

  get isBusy(): boolean {
    return this.listener !== undefined;
  }

  send(listener: AnswerListener): void {
    this.listener = listener;
    this.socket ??= this.open();
    this.socket.write(this.request);
  }

  /** Gives the current answer up, and the connection with it. */
  abandon(failure: string): void {
    this.drop();
    this.finish(failure);
  }

  drop(): void {
    const { socket } = this;
    this.socket = undefined;
    socket?.destroy();
  }

  private open(): Socket {
    const socket = connect({ ...this.address, noDelay: true });
    const parser = new ResponseParser({
      onStatus: (status) => this.listener?.onStatus(status),
      onData: (text) => this.listener?.onData(text),
      onEnd: () => this.finish(undefined),
    });
    this.parser = parser;
    socket.on('data', (bytes: Buffer) => parser.feed(bytes.toString('latin1')));
    socket.on('error', (error: NodeJS.ErrnoException) => this.lose(socket, error.code ?? 'socket error'));
    socket.on('close', () => this.lose(socket, 'connection closed'));
    return socket;
  }

  private lose(socket: Socket, failure: string): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    if (this.parser?.close() !== 'complete') this.finish(failure);
  }

  private finish(failure: string | undefined): void {
    const { listener } = this;
    this.listener = undefined;
    listener?.onDone(failure);
  }
}
