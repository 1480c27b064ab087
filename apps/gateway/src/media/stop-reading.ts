import type { FastifyRequest } from 'fastify';

/** A client that is still sending reads its answer only if we go on taking what it sends; but not for long. */
const LINGER_MS = 2_000;
const LINGER_BYTES = 64 * 1024 * 1024;

/** Gives up a body half read. What still comes is thrown away for a moment, so that the answer arrives, then cut off. */
export function stopReading({ raw }: FastifyRequest): void {
  if (raw.readableEnded || raw.destroyed) return;
  raw.unpipe();
  let bytes = 0;
  const cut = () => void raw.socket.destroy();
  const timer = setTimeout(cut, LINGER_MS);
  raw.on('data', (chunk: Uint8Array) => {
    bytes += chunk.byteLength;
    if (bytes > LINGER_BYTES) cut();
  });
  raw.once('close', () => clearTimeout(timer));
  raw.once('end', () => clearTimeout(timer));
  raw.resume();
}
