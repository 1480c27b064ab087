/** What a type says of headerless sound: `audio/L16;codec=pcm;rate=24000`. Samples of 16 bits, least byte first, one channel. */
export interface PcmType {
  sampleRate: number;
}

const USUAL_RATE = 24_000;
const LOWEST_RATE = 8_000;
const HIGHEST_RATE = 192_000;

/** Undefined for what is no headerless sound. */
export function readPcmType(mediaType: string): PcmType | undefined {
  if (!/^audio\/(?:l16|pcm|raw)\b/i.test(mediaType)) return undefined;
  const rate = Number(/;\s*rate=(\d+)/i.exec(mediaType)?.[1] ?? USUAL_RATE);
  return { sampleRate: rate >= LOWEST_RATE && rate <= HIGHEST_RATE ? rate : USUAL_RATE };
}
