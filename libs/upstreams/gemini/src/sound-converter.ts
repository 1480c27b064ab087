import { GatewayError } from '@sluice/contracts/gateway-error';
import { readPcmType } from '@sluice/wire-gemini-generate/read-sound-type';
import { setImmediate } from 'node:timers/promises';
import { readWav } from './read-wav.js';
import { createSoundEncoder, type SoundEncoder, type SoundFormat } from './sound-encoder.js';

/** Turns what a model speaks into the format that was asked for, as it comes. */
export class SoundConverter {
  private encoder: SoundEncoder | undefined;
  private isPassedOn = false;

  constructor(private readonly format: SoundFormat) {}

  /** True once anything was heard. */
  get hasSound(): boolean {
    return this.encoder !== undefined || this.isPassedOn;
  }

  /** What is ready of the file. `mediaType` is the upstream's word for the piece. */
  async add(piece: Buffer, mediaType: string): Promise<Uint8Array> {
    const pcm = readPcmType(mediaType);
    if (pcm !== undefined) return this.encode(piece, pcm.sampleRate);
    if (MEDIA_TYPES[this.format].test(mediaType) && this.format !== 'wav') {
      this.isPassedOn = true;
      return piece;
    }
    const wav = readWav(piece);
    if (wav !== undefined) return this.encode(wav.pcm, wav.sampleRate);
    const message = `The upstream sent sound as '${mediaType.slice(0, 64)}', which cannot be made ${this.format} of.`;
    throw new GatewayError('upstream_bad_answer', message, { saw: 'unknown' });
  }

  end(): Uint8Array {
    return this.encoder?.end() ?? new Uint8Array();
  }

  private async encode(pcm: Buffer, sampleRate: number): Promise<Uint8Array> {
    this.encoder ??= await createSoundEncoder(this.format, sampleRate);
    const ready: Uint8Array[] = [];
    for (let offset = 0; offset < pcm.length; offset += SLICE_BYTES) {
      // Minutes of sound in one piece would keep the process from all else.
      if (offset > 0) await setImmediate();
      ready.push(this.encoder.encode(pcm.subarray(offset, offset + SLICE_BYTES)));
    }
    return Buffer.concat(ready);
  }
}

/** Some seconds of sound. */
const SLICE_BYTES = 256 * 1024;

const MEDIA_TYPES: Readonly<Record<SoundFormat, RegExp>> = {
  mp3: /^audio\/(?:mpeg|mp3)\b/i,
  wav: /^audio\/(?:x-)?wav\b/i,
  pcm: /^audio\/pcm\b/i,
};
