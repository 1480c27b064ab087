export interface ImageSize {
  width: number;
  height: number;
}

/** How much of a file's beginning is enough, but for a JPEG with a very large preview in front. */
export const IMAGE_HEAD_BYTES = 1024 * 1024;

/**
 * The size in pixels that an image claims, read from its headers alone: nothing is decoded, so a bomb costs nothing.
 * Undefined where the headers are broken or of no type that is read here.
 */
export function readImageSize(mediaType: string, head: Uint8Array): ImageSize | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  try {
    return READERS[mediaType]?.(bytes);
  } catch (error) {
    // Read past the end: cut off, or made up.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const READERS: Record<string, (bytes: Buffer) => ImageSize | undefined> = {
  'image/png': (bytes) => ({ width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }),
  'image/gif': (bytes) => ({ width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }),
  'image/webp': readWebp,
  'image/jpeg': readJpeg,
};

function readWebp(bytes: Buffer): ImageSize | undefined {
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}

/** Walks the segments to the frame header, which alone tells the size. */
function readJpeg(bytes: Buffer): ImageSize | undefined {
  let offset = 2;
  while (bytes.readUInt8(offset) === 0xff) {
    const marker = bytes.readUInt8(offset + 1);
    if (marker === 0xff) offset += 1;
    else if (isFrameHeader(marker)) {
      return { height: bytes.readUInt16BE(offset + 5), width: bytes.readUInt16BE(offset + 7) };
    } else offset += 2 + bytes.readUInt16BE(offset + 2);
  }
  return undefined;
}

/** SOF0 to SOF15, without the tables that share their range. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
