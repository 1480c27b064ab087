/** The longest mark (number, time, the JSON before it) that may be cut by a packet's end. */
const longestMark = 64;

// The first group tells whether the mark opens a chunk of its own or was gathered into the one before.
const mark = /("content":")?(\d+)@(\d{6,}) /g;

/** Follows the numbered, timed marks of one stream (see `chunkText`), however it is cut or rewrapped. */
export class StreamScanner {
  received = 0;
  reordered = 0;
  merged = 0;
  hasEnd = false;
  firstMarkAtMicros: number | undefined;
  private carry = '';

  constructor(private readonly onDelay: (delayMicros: number) => void) {}

  feed(text: string, nowMicros: number): void {
    const window = this.carry + text;
    mark.lastIndex = 0;
    let consumed = 0;
    for (let found = mark.exec(window); found !== null; found = mark.exec(window)) {
      consumed = mark.lastIndex;
      this.firstMarkAtMicros ??= nowMicros;
      if (Number(found[2]) !== this.received) this.reordered += 1;
      if (found[1] === undefined) this.merged += 1;
      this.received += 1;
      this.onDelay(nowMicros - Number(found[3]));
    }
    if (window.includes('[DONE]')) this.hasEnd = true;
    this.carry = window.slice(Math.max(consumed, window.length - longestMark));
  }
}
