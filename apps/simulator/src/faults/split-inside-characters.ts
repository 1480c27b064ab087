/** Cuts UTF-8 bytes inside every character that takes more than one byte. */
export function splitInsideCharacters(bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  for (let index = 1; index < bytes.length; index += 1) {
    const isFirstContinuation = isContinuation(bytes[index]) && !isContinuation(bytes[index - 1]);
    if (!isFirstContinuation) continue;
    pieces.push(bytes.subarray(start, index));
    start = index;
  }
  pieces.push(bytes.subarray(start));
  return pieces;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}
