import { crc32, deflateSync } from 'node:zlib';

/** The simulator's painter. */
export const IMAGE_MODEL = 'sim-image';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const SIDE = 8;

/** A small black picture that every reader of PNGs can read. */
export function drawPng(): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIDE, 0);
  head.writeUInt32BE(SIDE, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(SIDE * (1 + SIDE * 4)));
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/** By its first bytes. */
export function isPicture(bytes: Buffer): boolean {
  return bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE) && bytes.length > 60;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
