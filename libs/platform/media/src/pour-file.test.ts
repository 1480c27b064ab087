import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pourFile } from './pour-file.js';

const BYTES = 1_000_003;
const content = randomBytes(BYTES);
let root: string;
let path: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-pour-'));
  path = join(root, 'file');
  await writeFile(path, content);
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Takes its time: what is written has to stay as it is until it was taken. */
function slowSocket(): { socket: Writable; received: Buffer[] } {
  const received: Buffer[] = [];
  const socket = new Writable({
    write(chunk: Buffer, _encoding, done) {
      after(30, () => {
        received.push(Buffer.from(chunk));
        done();
      });
    },
  });
  return { socket, received };
}

/** Long enough for a read of a piece that should not be read yet. */
function after(turns: number, callback: () => void): void {
  if (turns === 0) callback();
  else setImmediate(() => after(turns - 1, callback));
}

it('writes any part, byte for byte', async () => {
  const part = fc.tuple(fc.nat(BYTES - 1), fc.nat(BYTES - 1)).map(([one, other]) => ({
    start: Math.min(one, other),
    end: Math.max(one, other),
  }));
  await fc.assert(
    fc.asyncProperty(part, async (range) => {
      const { socket, received } = slowSocket();
      await pourFile(path, range, socket);
      expect(Buffer.concat(received).equals(content.subarray(range.start, range.end + 1))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it('ends when the socket goes away in the middle', async () => {
  const socket = new Writable({ write: () => undefined });
  const pouring = pourFile(path, { start: 0, end: BYTES - 1 }, socket);
  setImmediate(() => socket.destroy());
  await expect(pouring).rejects.toThrow();
});

it('does not begin for one that is gone, nor for a file that is not there', async () => {
  const socket = new Writable();
  socket.destroy();
  await expect(pourFile(path, { start: 0, end: BYTES - 1 }, socket)).rejects.toThrow();
  await expect(pourFile(`${path}x`, { start: 0, end: 1 }, slowSocket().socket)).rejects.toThrow('ENOENT');
});
