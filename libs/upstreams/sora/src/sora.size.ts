import type { VideoRequest } from '@sluice/contracts/video';

const SHORT_SIDES: Readonly<Record<string, number>> = {
  '480p': 480,
  '720p': 720,
  '1080p': 1080,
  hd: 1080,
  standard: 720,
  sd: 720,
};
const STANDARD = '720p';
const RATIO = /^(\d+):(\d+)$/;

/**
 * The protocol's own word for a shape is a size. A caller who named a ratio gets that ratio: where the vendor does not know
 * the word, the size says it, so that nothing is made upright that was asked for lying.
 */
export function sizeFor({ size, aspectRatio, resolution }: VideoRequest): string | undefined {
  if (size !== undefined) return `${size.width}x${size.height}`;
  const shortSide = SHORT_SIDES[(resolution ?? STANDARD).toLowerCase()];
  const match = RATIO.exec(aspectRatio ?? '');
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  if (shortSide === undefined || !(width > 0 && height > 0)) return undefined;
  const unit = shortSide / Math.min(width, height);
  return `${even(width * unit)}x${even(height * unit)}`;
}

/** Codecs want even sides. */
function even(side: number): number {
  return Math.round(side / 2) * 2;
}
