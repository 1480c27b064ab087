import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** Sides of a square picture. */
const SIDES: Readonly<Record<string, number>> = { '512': 512, '1K': 1024, '2K': 2048, '4K': 4096 };
const STEP = 32;
const MARK = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface PictureShape {
  readonly aspectRatio?: string | undefined;
  readonly imageSize?: string | undefined;
}

/** A real PNG of the shape that was asked for, in black and white; another text gives another pattern. */
export function samplePicture(text: string, { aspectRatio = '1:1', imageSize = '1K' }: PictureShape): Buffer {
  const [wide = 1, high = 1] = aspectRatio.split(':').map(Number);
  const side = SIDES[imageSize] ?? 1024;
  const width = toStep(side * Math.sqrt(wide / high));
  const height = toStep(side * Math.sqrt(high / wide));
  return toPng({ width, height, pattern: createHash('sha256').update(text).digest() });
}

function toStep(pixels: number): number {
  return Math.max(STEP, Math.round(pixels / STEP) * STEP);
}

/** One bit a pixel: even a large one is made in a moment. */
function toPng({ width, height, pattern }: { width: number; height: number; pattern: Buffer }): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.writeUInt8(1, 8);
  const rowBytes = Math.ceil(width / 8);
  const rows = Buffer.alloc((rowBytes + 1) * height);
  for (let row = 0; row < height; row += 1) {
    const start = row * (rowBytes + 1);
    rows.fill(pattern[(row >> 3) % pattern.length] ?? 0, start + 1, start + 1 + rowBytes);
  }
  return Buffer.concat([MARK, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const frame = Buffer.alloc(named.length + 8);
  frame.writeUInt32BE(data.length, 0);
  named.copy(frame, 4);
  frame.writeUInt32BE(crc32(named), named.length + 4);
  return frame;
}
