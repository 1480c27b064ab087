export const SOUND_RATE = 24_000;
const TONE_HERTZ = 440;
const LOUDNESS = 8_000;
const SAMPLES_PER_WORD = 6_000;
const SAMPLE_BYTES = 2;

/** A tone, the longer the text the longer: 16 bits, least byte first, one channel. */
export function toneFor(words: number): Buffer {
  const samples = Buffer.alloc(Math.max(1, words) * SAMPLES_PER_WORD * SAMPLE_BYTES);
  for (let index = 0; index * SAMPLE_BYTES < samples.length; index += 1) {
    const value = Math.sin((2 * Math.PI * TONE_HERTZ * index) / SOUND_RATE) * LOUDNESS;
    samples.writeInt16LE(Math.round(value), index * SAMPLE_BYTES);
  }
  return samples;
}

/** As the newest models send it. */
export function toWav(samples: Buffer): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(SOUND_RATE, 24);
  head.writeUInt32LE(SOUND_RATE * SAMPLE_BYTES, 28);
  head.writeUInt16LE(SAMPLE_BYTES, 32);
  head.writeUInt16LE(SAMPLE_BYTES * 8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
