import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readImageSize } from './read-image-size.js';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const latin = (text: string) => Buffer.from(text, 'latin1').toString('hex');

it.each([
  ['image/png', hex('89504e470d0a1a0a 0000000d 49484452 00000500 000002d0'), { width: 1280, height: 720 }],
  ['image/gif', hex(`${latin('GIF89a')} 0a00 1400`), { width: 10, height: 20 }],
  // A frame after an APP0 segment, a padding byte and a table that only looks like a frame.
  ['image/jpeg', hex('ffd8 ffe00004aaaa ffffc40004aaaa ffc00011 08 0014 000a'), { width: 10, height: 20 }],
  [
    'image/webp',
    hex(`${latin('RIFF')}00000000${latin('WEBPVP8 ')}00000000 000000 9d012a 0a00 1400`),
    { width: 10, height: 20 },
  ],
  ['image/webp', hex(`${latin('RIFF')}00000000${latin('WEBPVP8L')}00000000 2f 09c00400`), { width: 10, height: 20 }],
  [
    'image/webp',
    hex(`${latin('RIFF')}00000000${latin('WEBPVP8X')}00000000 00000000 090000 130000`),
    { width: 10, height: 20 },
  ],
  ['image/png', hex('89504e470d0a1a0a'), undefined],
  ['image/jpeg', hex('ffd8 ffe0ffff'), undefined],
  ['image/webp', hex(`${latin('RIFF')}00000000${latin('WEBPXXXX')}`), undefined],
  ['image/avif', hex('00'), undefined],
])('%s %#', (type, bytes, size) => expect(readImageSize(type, bytes)).toEqual(size));

it('of made-up bytes ends, and never throws', () => {
  const types = fc.constantFrom('image/png', 'image/jpeg', 'image/gif', 'image/webp');
  fc.assert(fc.property(types, fc.uint8Array({ maxLength: 200 }), (type, bytes) => void readImageSize(type, bytes)));
  const jpeg = fc.uint8Array({ maxLength: 200 }).map((rest) => Buffer.concat([hex('ffd8ff'), rest]));
  fc.assert(fc.property(jpeg, (bytes) => void readImageSize('image/jpeg', bytes)));
});
