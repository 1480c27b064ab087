import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ImageRequest } from '@sluice/contracts/image';
import { present } from '@sluice/contracts/present';
import type { ImageBody } from './schema.js';

const LARGEST_SIDE = 8_192;

/** How large the picture is to be, in pixels or in its proportions. What is said twice has to agree. */
export function decodeShape(body: ImageBody): Pick<ImageRequest, 'size' | 'aspectRatio' | 'resolution'> {
  const { size, ratio } = decodeSize(body.size);
  const said = decodeRatio(body.aspect_ratio, 'aspect_ratio');
  if (ratio !== undefined && said !== undefined && ratio !== said)
    throw refusal('aspect_ratio', said, "it contradicts 'size'");
  return present({ size, aspectRatio: size ? undefined : (said ?? ratio), resolution: body.resolution });
}

/** Pixels; or, as some clients write it there, a ratio. */
function decodeSize(text: string | null | undefined): { size?: ImageRequest['size']; ratio?: string | undefined } {
  if (text == null || text === 'auto') return {};
  if (text.includes(':')) return { ratio: decodeRatio(text, 'size') };
  const [, first, second] = /^(\d{2,5})[x*×](\d{2,5})$/i.exec(text.trim()) ?? [];
  const [width, height] = [Number(first), Number(second)];
  if (width > 0 && height > 0 && width <= LARGEST_SIDE && height <= LARGEST_SIDE) return { size: { width, height } };
  throw refusal('size', text, `expected 'auto' or WIDTHxHEIGHT of at most ${LARGEST_SIDE} a side, such as "1024x1024"`);
}

function decodeRatio(text: string | null | undefined, field: string): string | undefined {
  if (text == null || text === 'auto') return undefined;
  const [, width, height] = /^(\d{1,4}(?:\.\d{1,3})?):(\d{1,4}(?:\.\d{1,3})?)$/.exec(text.trim()) ?? [];
  if (Number(width) > 0 && Number(height) > 0) return `${width}:${height}`;
  throw refusal(field, text, 'expected WIDTH:HEIGHT, such as "16:9"');
}

function refusal(param: string, value: string, why: string): GatewayError {
  const text = `Invalid value for '${param}': '${value.slice(0, 64)}': ${why}.`;
  return new GatewayError('invalid_request', text, { param, reason: 'invalid_value' });
}
