import type { IncomingMessage } from 'node:http';
import { SimulatedFailure } from '../simulated-failure.js';

const maximumBodyBytes = 64 * 1024 * 1024;

/** Reads the whole request body as text. */
export function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let receivedBytes = 0;
    request.on('data', (part: Buffer) => {
      receivedBytes += part.length;
      if (receivedBytes <= maximumBodyBytes) parts.push(part);
      else reject(tooLarge());
    });
    request.once('end', () => resolve(parts.length === 1 ? String(parts[0]) : Buffer.concat(parts).toString()));
    request.once('error', reject);
  });
}

function tooLarge(): SimulatedFailure {
  return new SimulatedFailure('too-large', { status: 413, message: `The body exceeds ${maximumBodyBytes} bytes.` });
}
