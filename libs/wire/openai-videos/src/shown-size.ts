import type { JsonObject } from '@sluice/contracts/json';
import type { VideoRequest } from '@sluice/contracts/video';

/** The API's own default. */
const DEFAULT_SIZE = '720x1280';
const SHORT_SIDE = 720;

/** `WIDTHxHEIGHT`: what it really is, else what was asked, else what a ratio comes to. */
export function shownSize(request: VideoRequest, facts: JsonObject): string {
  const real = facts['size'];
  if (typeof real === 'string' && /^\d+x\d+$/.test(real)) return real;
  if (request.size) return `${request.size.width}x${request.size.height}`;
  const [width = NaN, height = NaN] = (request.aspectRatio ?? '').split(':').map(Number);
  if (!(width > 0 && height > 0)) return DEFAULT_SIZE;
  const unit = shortSide(request.resolution) / Math.min(width, height);
  return `${even(width * unit)}x${even(height * unit)}`;
}

function shortSide(resolution = ''): number {
  const [, lines] = /^(\d{3,4})p$/i.exec(resolution) ?? [];
  return lines === undefined ? SHORT_SIDE : Number(lines);
}

function even(side: number): number {
  return Math.round(side / 2) * 2;
}
