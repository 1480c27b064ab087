import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';

/** Two of these are all the memory that a download costs, however large its file. */
const BUFFER_BYTES = 256 * 1024;

/**
 * Writes a part of a file to a socket, both ends included. One buffer is filled while the other is on its way, and both
 * are used again: a stream would take fresh memory for every piece, which costs more than the copying. Rejects when the
 * socket goes away.
 */
export async function pourFile(
  path: string,
  { start, end }: { start: number; end: number },
  to: Writable,
): Promise<void> {
  const watch = watchClose(to);
  const file = await open(path);
  try {
    const buffers = [Buffer.allocUnsafeSlow(BUFFER_BYTES), Buffer.allocUnsafeSlow(BUFFER_BYTES)] as const;
    const fill = (index: 0 | 1, from: number) => {
      const filled = file.read(buffers[index], 0, Math.min(BUFFER_BYTES, end + 1 - from), from);
      // Nobody waits for it when the socket goes away first.
      filled.catch(() => undefined);
      return filled;
    };
    const writes: [Promise<void>, Promise<void>] = [Promise.resolve(), Promise.resolve()];
    let index: 0 | 1 = 0;
    let position = start;
    let filling = fill(index, position);
    while (position <= end) {
      const { bytesRead } = await filling;
      if (bytesRead === 0) throw new Error('The file is shorter than it was.');
      const other: 0 | 1 = index === 0 ? 1 : 0;
      position += bytesRead;
      await watch.race(writes[other]);
      if (position <= end) filling = fill(other, position);
      writes[index] = write(to, buffers[index].subarray(0, bytesRead));
      index = other;
    }
    await watch.race(Promise.all(writes));
  } finally {
    watch.end();
    await file.close();
  }
}

function write(to: Writable, chunk: Uint8Array): Promise<void> {
  const written = new Promise<void>((resolve, reject) =>
    to.write(chunk, (error) => (error ? reject(error) : resolve())),
  );
  // It is awaited one round later, or not at all when another fails first.
  written.catch(() => undefined);
  return written;
}

/** Not every write of a socket that is gone is called back. */
function watchClose(to: Writable) {
  let listener: () => void = () => undefined;
  const closed = new Promise<never>((_resolve, reject) => {
    listener = () => reject(new Error('The client has left.'));
    if (to.destroyed) listener();
    else to.once('close', listener);
  });
  closed.catch(() => undefined);
  return {
    race: (work: Promise<unknown>) => Promise.race([work, closed]),
    end: () => void to.off('close', listener),
  };
}
