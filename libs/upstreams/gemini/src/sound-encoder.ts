/** Turns headerless sound of 16 bits and one channel into a file, piece by piece. */
export interface SoundEncoder {
  readonly mediaType: string;
  /** What is ready of the file; it may be nothing yet. A piece may end within a sample. */
  encode(pcm: Uint8Array): Uint8Array;
  /** The rest of it. */
  end(): Uint8Array;
}

export type SoundFormat = 'mp3' | 'wav' | 'pcm';

const NOTHING = new Uint8Array();

/** The encoder of MP3 is a WebAssembly module: it is loaded when somebody first wants one. */
export async function createSoundEncoder(format: SoundFormat, sampleRate: number): Promise<SoundEncoder> {
  if (format === 'pcm') return pcmEncoder(sampleRate);
  if (format === 'wav') return wavEncoder(sampleRate);
  const { createMp3Encoder } = await import('wasm-media-encoders');
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate, channels: 1, bitrate: MP3_KILOBITS, outputSampleRate: MP3_RATE });
  return mp3Encoder(encoder);
}

/** Plenty for one voice. */
const MP3_KILOBITS = 96;
/** One that the format has; whatever comes is brought to it. */
const MP3_RATE = 24_000;

function pcmEncoder(sampleRate: number): SoundEncoder {
  return { mediaType: `audio/pcm;rate=${sampleRate}`, encode: (pcm) => pcm, end: () => NOTHING };
}

/** Its head tells how long it is, so nothing of it can be sent before the end. */
function wavEncoder(sampleRate: number): SoundEncoder {
  const pieces: Uint8Array[] = [];
  return {
    mediaType: 'audio/wav',
    encode: (pcm) => {
      pieces.push(pcm);
      return NOTHING;
    },
    end: () => {
      const samples = Buffer.concat(pieces);
      return Buffer.concat([wavHead(samples.length, sampleRate), samples]);
    },
  };
}

const WAV_HEAD_BYTES = 44;
const SAMPLE_BYTES = 2;

function wavHead(bytes: number, sampleRate: number): Buffer {
  const head = Buffer.alloc(WAV_HEAD_BYTES);
  head.write('RIFF', 0);
  head.writeUInt32LE(WAV_HEAD_BYTES - 8 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  // Headerless samples, one channel.
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate * SAMPLE_BYTES, 28);
  head.writeUInt16LE(SAMPLE_BYTES, 32);
  head.writeUInt16LE(SAMPLE_BYTES * 8, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return head;
}

interface Mp3Module {
  encode(samples: readonly Float32Array[]): Uint8Array;
  finalize(): Uint8Array;
}

function mp3Encoder(encoder: Mp3Module): SoundEncoder {
  let rest: Buffer = Buffer.alloc(0);
  return {
    mediaType: 'audio/mpeg',
    encode: (pcm) => {
      const bytes = Buffer.concat([rest, pcm]);
      const samples = Math.floor(bytes.length / SAMPLE_BYTES);
      rest = bytes.subarray(samples * SAMPLE_BYTES);
      // What it gives is a view of its own memory.
      return samples === 0 ? NOTHING : Uint8Array.from(encoder.encode([toFloats(bytes, samples)]));
    },
    end: () => Uint8Array.from(encoder.finalize()),
  };
}

const LOUDEST = 32_768;

function toFloats(bytes: Buffer, samples: number): Float32Array {
  const floats = new Float32Array(samples);
  for (let index = 0; index < samples; index += 1) floats[index] = bytes.readInt16LE(index * SAMPLE_BYTES) / LOUDEST;
  return floats;
}
