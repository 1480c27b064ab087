export type SoundFormat = 'mp3' | 'opus' | 'aac' | 'flac' | 'wav' | 'pcm';

export const soundTypes: Readonly<Record<SoundFormat, string>> = {
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
};

const samplesPerSecond = 8000;
const samplesPerCharacter = 400;
const toneHertz = 440;
const loudness = 8000;

/** WAV, PCM and MP3 that play; of the others the first bytes, which is what tells them apart. */
export function soundOf(format: SoundFormat, text: string): Buffer {
  if (format === 'pcm') return toneOf(text);
  if (format === 'wav') return toWav(toneOf(text));
  if (format === 'mp3') return silentMp3(text.length);
  return Buffer.concat([openings[format], Buffer.alloc(64 + text.length)]);
}

const openings: Readonly<Record<'opus' | 'aac' | 'flac', Buffer>> = {
  opus: Buffer.from('OggS'),
  aac: Buffer.from([0xff, 0xf1, 0x50, 0x80]),
  flac: Buffer.from('fLaC'),
};

/** 16 bits, little-endian, one channel. */
function toneOf(text: string): Buffer {
  const samples = Buffer.alloc(text.length * samplesPerCharacter * 2);
  for (let index = 0; index * 2 < samples.length; index += 1) {
    const value = Math.sin((2 * Math.PI * toneHertz * index) / samplesPerSecond) * loudness;
    samples.writeInt16LE(Math.round(value), index * 2);
  }
  return samples;
}

function toWav(samples: Buffer): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(samplesPerSecond, 24);
  head.writeUInt32LE(samplesPerSecond * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

const mp3FrameBytes = 104;

/** Frames of MPEG 1 layer III, 32 kbit/s, 44.1 kHz, one channel. */
function silentMp3(frames: number): Buffer {
  const frame = Buffer.alloc(mp3FrameBytes);
  frame.writeUInt32BE(0xff_fb_10_c4);
  return Buffer.concat(Array.from({ length: Math.max(2, frames) }, () => frame));
}
