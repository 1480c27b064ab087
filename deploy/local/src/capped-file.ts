import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import type { WriteStream } from 'node:fs';

/** Appends lines; at its cap the file becomes `<path>.1`, in place of the one before. At most twice the cap is kept. */
export class CappedFile {
  #stream: WriteStream;
  #sizeBytes: number;

  constructor(
    private readonly path: string,
    private readonly capBytes: number,
  ) {
    this.#sizeBytes = existsSync(path) ? statSync(path).size : 0;
    this.#stream = this.#open();
  }

  writeLine(line: string): void {
    if (this.#sizeBytes >= this.capBytes) this.#rotate();
    this.#sizeBytes += Buffer.byteLength(line) + 1;
    this.#stream.write(`${line}\n`);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#stream.end(() => resolve()));
  }

  #rotate(): void {
    this.#stream.end();
    renameSync(this.path, `${this.path}.1`);
    this.#stream = this.#open();
    this.#sizeBytes = 0;
  }

  #open(): WriteStream {
    const stream = createWriteStream(this.path, { flags: 'a', mode: 0o600 });
    // A full disk must not end the launcher: the lines are on the terminal as well.
    stream.on('error', () => undefined);
    return stream;
  }
}
