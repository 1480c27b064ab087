export interface ResponseListener {
  onStatus(status: number): void;
  onData(text: string): void;
  onEnd(): void;
}

type State = 'head' | 'sized' | 'chunk-size' | 'chunk-data' | 'chunk-gap' | 'until-close';

const hasNoBody = (status: number): boolean => status === 204 || status === 304;

/**
 * Reads HTTP/1.1 answers of one keep-alive connection from latin-1 text, cut anywhere.
 * Hand-made because the generator shares the machine's cores with what it measures.
 */
export class ResponseParser {
  private state: State = 'head';
  private pending = '';
  private remaining = 0;

  constructor(private readonly listener: ResponseListener) {}

  feed(text: string): void {
    this.pending = this.pending === '' ? text : this.pending + text;
    while (this.step());
  }

  /** The other side closed; an answer without a length is complete now. */
  close(): 'complete' | 'cut' {
    if (this.state !== 'until-close') return 'cut';
    this.finish();
    return 'complete';
  }

  /** Whether an answer has begun to arrive. */
  get isInAnswer(): boolean {
    return this.state !== 'head' || this.pending !== '';
  }

  private step(): boolean {
    switch (this.state) {
      case 'head':
        return this.readHead();
      case 'sized':
      case 'chunk-data':
        return this.readBody();
      case 'chunk-size':
        return this.readChunkSize();
      case 'chunk-gap':
        return this.readChunkGap();
      case 'until-close':
        return this.readRest();
    }
  }

  private readHead(): boolean {
    const end = this.pending.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = this.pending.slice(0, end).toLowerCase();
    this.pending = this.pending.slice(end + 4);
    const status = Number(head.slice(9, 12));
    if (status === 100) return true;
    this.listener.onStatus(status);
    if (head.includes('\r\ntransfer-encoding: chunked')) {
      this.state = 'chunk-size';
      return true;
    }
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
    if (length === undefined && !hasNoBody(status)) {
      this.state = 'until-close';
      return true;
    }
    this.state = 'sized';
    this.remaining = Number(length ?? 0);
    if (this.remaining === 0) this.finish();
    return true;
  }

  private readBody(): boolean {
    if (this.pending === '') return false;
    const piece = this.pending.length <= this.remaining ? this.pending : this.pending.slice(0, this.remaining);
    this.pending = this.pending.slice(piece.length);
    this.remaining -= piece.length;
    this.listener.onData(piece);
    if (this.remaining > 0) return false;
    if (this.state === 'sized') this.finish();
    else this.state = 'chunk-gap';
    return true;
  }

  private readChunkSize(): boolean {
    const end = this.pending.indexOf('\r\n');
    if (end < 0) return false;
    this.remaining = Number.parseInt(this.pending.slice(0, end), 16);
    if (this.remaining === 0) {
      // The last chunk: "0", no trailers, an empty line.
      if (this.pending.length < end + 4) return false;
      this.pending = this.pending.slice(end + 4);
      this.finish();
      return true;
    }
    this.pending = this.pending.slice(end + 2);
    this.state = 'chunk-data';
    return true;
  }

  private readChunkGap(): boolean {
    if (this.pending.length < 2) return false;
    this.pending = this.pending.slice(2);
    this.state = 'chunk-size';
    return true;
  }

  private readRest(): boolean {
    if (this.pending !== '') this.listener.onData(this.pending);
    this.pending = '';
    return false;
  }

  private finish(): void {
    this.state = 'head';
    this.listener.onEnd();
  }
}
