import type { Color, PictureSize } from './picture.js';

const losslessSignature = 0x2f;
const opaque = 0xff;

/** Lossless WebP of one color: five codes of one symbol each, so that no pixel takes a single bit. */
export function encodeWebp({ width, height }: PictureSize, { red, green, blue }: Color): Buffer {
  const bits: number[] = [];
  const write = (value: number, count: number) => {
    for (let index = 0; index < count; index += 1) bits.push((value >> index) & 1);
  };
  write(width - 1, 14);
  write(height - 1, 14);
  // No alpha is used; version 0; no transform, no color cache, no meta codes.
  for (const count of [1, 3, 1, 1, 1]) write(0, count);
  for (const symbol of [green, red, blue, opaque, 0]) {
    // A simple code, of one symbol, written in eight bits.
    write(0b101, 3);
    write(symbol, 8);
  }
  const data = Buffer.concat([Buffer.from([losslessSignature]), pack(bits)]);
  const padded = data.length % 2 === 0 ? data : Buffer.concat([data, Buffer.alloc(1)]);
  return riff(Buffer.concat([Buffer.from('WEBPVP8L', 'latin1'), length(data.length), padded]));
}

function riff(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from('RIFF', 'latin1'), length(body.length), body]);
}

function length(bytes: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(bytes);
  return buffer;
}

function pack(bits: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
  for (const [index, bit] of bits.entries()) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (bit << (index & 7));
  return bytes;
}
