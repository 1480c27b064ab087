export interface PictureSize {
  width: number;
  height: number;
}

const PNG_MARK = 0x89_50_4e_47;
const JPEG_MARK = 0xff_d8;

/** Read off the file's head; undefined for what is neither PNG nor JPEG. */
export function pictureSize(file: Buffer): PictureSize | undefined {
  if (file.length < 24) return undefined;
  if (file.readUInt32BE(0) === PNG_MARK) return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
  return file.readUInt16BE(0) === JPEG_MARK ? jpegSize(file) : undefined;
}

/** The frame's head stands behind any number of others. */
function jpegSize(file: Buffer): PictureSize | undefined {
  let offset = 2;
  while (offset + 9 < file.length && file[offset] === 0xff) {
    const marker = file[offset + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: file.readUInt16BE(offset + 7), height: file.readUInt16BE(offset + 5) };
    offset += 2 + file.readUInt16BE(offset + 2);
  }
  return undefined;
}
