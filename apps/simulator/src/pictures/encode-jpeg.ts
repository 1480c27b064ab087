import type { Color, PictureSize } from './picture.js';

const block = 8;
const flatTable = Buffer.alloc(64, 1);
/** One code, of one bit: "no difference", and "nothing more in this block". */
const oneCode = Buffer.from([1, ...new Uint8Array(15), 0]);

/** Middle gray, baseline: each block takes two bits. Its color stands in a comment, so that two pictures are two files. */
export function encodeJpeg({ width, height }: PictureSize, { red, green, blue }: Color): Buffer {
  const blocks = Math.ceil(width / block) * Math.ceil(height / block);
  const scan = Buffer.alloc(Math.ceil((blocks * 2) / 8));
  // What is left of the last byte is filled with ones.
  const left = scan.length * 8 - blocks * 2;
  if (left > 0) scan[scan.length - 1] = (1 << left) - 1;
  const frame = Buffer.from([8, height >> 8, height & 0xff, width >> 8, width & 0xff, 1, 1, 0x11, 0]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xfe, Buffer.from(`color ${red} ${green} ${blue}`)),
    segment(0xdb, Buffer.concat([Buffer.from([0]), flatTable])),
    segment(0xc0, frame),
    segment(0xc4, Buffer.concat([Buffer.from([0x00]), oneCode])),
    segment(0xc4, Buffer.concat([Buffer.from([0x10]), oneCode])),
    segment(0xda, Buffer.from([1, 1, 0x00, 0, 63, 0])),
    scan,
    Buffer.from([0xff, 0xd9]),
  ]);
}

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}
