import type { IncomingMessage } from 'node:http';
import { SimulatedFailure } from '../simulated-failure.js';

const maximumBodyBytes = 256 * 1024 * 1024;

/** Reads the whole request body as bytes. */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let receivedBytes = 0;
  for await (const part of request) {
    receivedBytes += part.length;
    if (receivedBytes > maximumBodyBytes)
      throw new SimulatedFailure('too-large', { status: 413, message: `The body exceeds ${maximumBodyBytes} bytes.` });
    parts.push(part);
  }
  return Buffer.concat(parts);
}
