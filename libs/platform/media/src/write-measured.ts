import { GatewayError } from '@sluice/contracts/gateway-error';
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

export interface MeasuredWrite {
  path: string;
  body: AsyncIterable<Uint8Array>;
  maximumBytes: number;
}

/** Writes a body to a new file down to the disk, and tells what it was. Longer than allowed is `too_large`. */
export async function writeMeasured(write: MeasuredWrite): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  const file = await open(write.path, 'wx', 0o600);
  let bytes = 0;
  try {
    for await (const chunk of write.body) {
      bytes += chunk.byteLength;
      if (bytes > write.maximumBytes) throw tooLarge(write.maximumBytes);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

function tooLarge(maximumBytes: number): GatewayError {
  return new GatewayError('too_large', `The file is larger than the ${maximumBytes} bytes allowed.`);
}
