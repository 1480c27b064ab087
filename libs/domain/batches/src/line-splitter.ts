/** A line of a file, in bytes; lines of nothing but blanks are left out, and counted. */
export interface FileLine {
  /** From 1. */
  number: number;
  /** Where it begins. */
  position: number;
  length: number;
  /** Undefined for one that is longer than is read. */
  content: Buffer | undefined;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BLANKS = new Set([0x20, 0x09, CARRIAGE_RETURN]);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Cuts a file into lines as it comes, in whatever pieces: it holds no more than one line. */
export class LineSplitter {
  private pieces: Buffer[] = [];
  private length = 0;
  private position = 0;
  private number = 0;

  constructor(private readonly longestBytes: number) {}

  push(piece: Uint8Array): FileLine[] {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const lines: FileLine[] = [];
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      this.add(bytes.subarray(from, to));
      this.end(1, lines);
      from = to + 1;
    }
    // A copy: who reads the file may use the piece again.
    if (from < bytes.length) this.add(Buffer.from(bytes.subarray(from)));
    return lines;
  }

  /** What comes after the last newline. */
  flush(): FileLine[] {
    const lines: FileLine[] = [];
    if (this.length > 0) this.end(0, lines);
    return lines;
  }

  private add(piece: Buffer): void {
    this.length += piece.length;
    if (this.length > this.longestBytes) this.pieces = [];
    else if (piece.length > 0) this.pieces.push(piece);
  }

  private end(newlineBytes: number, lines: FileLine[]): void {
    this.number += 1;
    const line = this.cut();
    if (line) lines.push(line);
    this.position += this.length + newlineBytes;
    this.pieces = [];
    this.length = 0;
  }

  private cut(): FileLine | undefined {
    const { number, position, length, pieces } = this;
    if (length > this.longestBytes) return { number, position, length, content: undefined };
    const [first = Buffer.alloc(0)] = pieces;
    const whole = pieces.length > 1 ? Buffer.concat(pieces) : first;
    const skipped = position === 0 && whole.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
    const end = whole.at(-1) === CARRIAGE_RETURN ? whole.length - 1 : whole.length;
    const content = whole.subarray(skipped, Math.max(end, skipped));
    if (content.every((byte) => BLANKS.has(byte))) return undefined;
    return { number, position: position + skipped, length: content.length, content };
  }
}
