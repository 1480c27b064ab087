import { GatewayError } from '@sluice/contracts/gateway-error';
import { present } from '@sluice/contracts/present';
import type { VideoRequest } from '@sluice/contracts/video';
import type { VideoBody } from './schema.js';

/** What a model without declared abilities can do. */
export const LONGEST_SECONDS = 60;
const LARGEST_SIDE = 8_192;

type Shape = Pick<VideoRequest, 'durationSeconds' | 'size' | 'aspectRatio' | 'resolution'>;

/** How long and how large the video is to be. What is said twice has to agree. */
export function decodeShape(body: VideoBody): Shape {
  const durationSeconds = agree(
    ['seconds', decodeSeconds(body.seconds, 'seconds')],
    ['duration', decodeSeconds(body.duration, 'duration')],
  );
  const size = decodeSize(body.size);
  const ratio = agree(
    ['aspect_ratio', decodeRatio(body.aspect_ratio, 'aspect_ratio')],
    ['ratio', decodeRatio(body.ratio, 'ratio')],
    ['orientation', body.orientation == null ? undefined : ORIENTATIONS[body.orientation]],
  );
  return present({ durationSeconds, size, aspectRatio: size ? undefined : ratio, resolution: body.resolution });
}

/** A whole number of seconds, as a number or as text. Nothing is rounded, and nothing is cut to fit. */
export function decodeSeconds(value: string | number | null | undefined, field: string): number | undefined {
  if (value == null) return undefined;
  const seconds = typeof value === 'number' ? value : /^\d{1,4}(?:\.0+)?$/.test(value.trim()) ? Number(value) : NaN;
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_SECONDS) return seconds;
  const text = `expected a whole number of seconds from 1 to ${LONGEST_SECONDS}, such as "8"`;
  throw refusal(field, value, text);
}

const ORIENTATIONS = { landscape: '16:9', portrait: '9:16', square: '1:1' } as const;

function decodeSize(value: string | null | undefined): VideoRequest['size'] {
  if (value == null || value === 'auto') return undefined;
  const [, first, second] = /^(\d{2,5})[x*×](\d{2,5})$/i.exec(value.trim()) ?? [];
  const [width, height] = [Number(first), Number(second)];
  const isPossible = width > 0 && height > 0 && width <= LARGEST_SIDE && height <= LARGEST_SIDE;
  if (isPossible) return { width, height };
  throw refusal('size', value, `expected WIDTHxHEIGHT of at most ${LARGEST_SIDE} a side, such as "1280x720"`);
}

function decodeRatio(value: string | null | undefined, field: string): string | undefined {
  if (value == null || value === 'auto' || value === 'adaptive') return undefined;
  const [, width, height] = /^(\d{1,4}(?:\.\d{1,3})?):(\d{1,4}(?:\.\d{1,3})?)$/.exec(value.trim()) ?? [];
  if (Number(width) > 0 && Number(height) > 0) return `${width}:${height}`;
  throw refusal(field, value, 'expected WIDTH:HEIGHT, such as "16:9"');
}

/** The one value that is said, under whichever names. */
function agree<Value extends string | number>(...said: [field: string, value: Value | undefined][]): Value | undefined {
  const [first, ...others] = said.filter(([, value]) => value !== undefined);
  const other = others.find(([, value]) => value !== first?.[1]);
  if (first && other) throw refusal(other[0], other[1] ?? '', `it contradicts '${first[0]}'`);
  return first?.[1];
}

function refusal(param: string, value: string | number, why: string): GatewayError {
  const shown = String(value).slice(0, 64);
  return new GatewayError('invalid_request', `Invalid value for '${param}': '${shown}': ${why}.`, {
    param,
    reason: 'invalid_value',
  });
}
