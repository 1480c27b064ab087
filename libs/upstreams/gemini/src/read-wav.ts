/** What a WAV file holds, where it is headerless sound of 16 bits and one channel. */
export interface WavSound {
  sampleRate: number;
  pcm: Buffer;
}

const FIRST_CHUNK = 12;
const CHUNK_HEAD_BYTES = 8;
const PCM_CODE = 1;

/** Some models answer with a whole file. Undefined for one that is written otherwise. */
export function readWav(file: Buffer): WavSound | undefined {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, FIRST_CHUNK) !== 'WAVE') return undefined;
  let sampleRate: number | undefined;
  let offset = FIRST_CHUNK;
  while (offset + CHUNK_HEAD_BYTES <= file.length) {
    const name = file.toString('latin1', offset, offset + 4);
    const bytes = file.readUInt32LE(offset + 4);
    const start = offset + CHUNK_HEAD_BYTES;
    if (name === 'fmt ') sampleRate = rateOf(file.subarray(start, start + bytes));
    // One that was written as a stream has no length.
    if (name === 'data')
      return sampleRate === undefined ? undefined : { sampleRate, pcm: file.subarray(start, start + bytes) };
    offset = start + bytes + (bytes % 2);
  }
  return undefined;
}

function rateOf(format: Buffer): number | undefined {
  if (format.length < 16) return undefined;
  const isPlain = format.readUInt16LE(0) === PCM_CODE && format.readUInt16LE(2) === 1 && format.readUInt16LE(14) === 16;
  return isPlain ? format.readUInt32LE(4) : undefined;
}
