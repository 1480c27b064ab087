import { createHash } from 'node:crypto';
import { encodeJpeg } from './encode-jpeg.js';
import { encodePng } from './encode-png.js';
import { encodeWebp } from './encode-webp.js';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export interface Color {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

export const pictureTypes = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp' } as const;
export type PictureFormat = keyof typeof pictureTypes;

const encoders = { png: encodePng, jpeg: encodeJpeg, webp: encodeWebp } as const;

/** A real picture of one color, which its subject decides: two subjects are two files. */
export function drawPicture(format: PictureFormat, subject: string, size: PictureSize): Buffer {
  const [red = 0, green = 0, blue = 0] = createHash('sha256').update(subject).digest();
  return encoders[format](size, { red, green, blue });
}
