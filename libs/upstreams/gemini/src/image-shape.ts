import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ImageRequest } from '@sluice/contracts/image';

type Shape = Pick<ImageRequest, 'size' | 'aspectRatio' | 'resolution'>;

/** What a family of models paints. */
export interface Palette {
  /** By which a size in pixels is understood; a ratio that the client named goes as it is. */
  ratios: readonly string[];
  /** Words for how large, the usual one first; none where there is no choice. */
  sizes: readonly string[];
}

const COMMON_RATIOS = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'];
const EXTREME_RATIOS = ['1:4', '4:1', '1:8', '8:1'];

export const IMAGEN: Palette = { ratios: ['1:1', '3:4', '4:3', '9:16', '16:9'], sizes: ['1K', '2K'] };
const FIRST_PAINTERS: Palette = { ratios: COMMON_RATIOS, sizes: [] };
const PAINTERS: Palette = { ratios: COMMON_RATIOS, sizes: ['1K', '2K', '4K'] };
const FLASH_PAINTERS: Palette = { ratios: [...COMMON_RATIOS, ...EXTREME_RATIOS], sizes: ['1K', '512', '2K', '4K'] };

/** Of a model that answers in content; a name that tells nothing is taken for a new one. */
export function paletteOf(model: string): Palette {
  const version = Number(/gemini-(\d+(?:\.\d+)?)/.exec(model)?.[1] ?? Number.POSITIVE_INFINITY);
  if (version < 3) return FIRST_PAINTERS;
  return version >= 3.1 && model.includes('flash') ? FLASH_PAINTERS : PAINTERS;
}

export interface PictureShape {
  aspectRatio?: string;
  imageSize?: string;
}

/** Nothing that was not asked for; what cannot be had is refused by its name, never made smaller in silence. */
export function shapeFor({ size, aspectRatio, resolution }: Shape, palette: Palette): PictureShape {
  const ratio = aspectRatio ?? (size && ratioOf(size, palette));
  const imageSize = resolution === undefined ? size && wordOf(size, palette) : asWord(resolution, palette);
  return { ...(ratio !== undefined && { aspectRatio: ratio }), ...(imageSize !== undefined && { imageSize }) };
}

type Size = NonNullable<Shape['size']>;

/** As far as a size in pixels may be off: 1792x1024 means 16:9. */
const TOLERANCE = 0.06;

function ratioOf({ width, height }: Size, { ratios }: Palette): string {
  const wanted = Math.log(width / height);
  const [best] = ratios
    .map((ratio) => ({ ratio, distance: Math.abs(Math.log(valueOf(ratio)) - wanted) }))
    .toSorted((left, right) => left.distance - right.distance);
  if (best !== undefined && best.distance <= TOLERANCE) return best.ratio;
  throw refusal('size', `'${width}x${height}' is near none of the ratios that this model paints: ${ratios.join(', ')}`);
}

function valueOf(ratio: string): number {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return width / height;
}

/** Sides of a square of as many pixels, halfway between two words. */
const PIXELS_OF_WORD: readonly (readonly [string, number])[] = [
  ['512', 768],
  ['1K', 1_536],
  ['2K', 3_072],
  ['4K', Number.POSITIVE_INFINITY],
];

/** The usual one is not said. A smaller picture than there is comes in the least size. */
function wordOf({ width, height }: Size, { sizes }: Palette): string | undefined {
  const side = Math.sqrt(width * height);
  const [word] = PIXELS_OF_WORD.find(([, most]) => side < most) ?? ['4K'];
  if (word === sizes[0] || word === '1K') return undefined;
  if (sizes.includes(word)) return word;
  if (word === '512') return undefined;
  throw refusal('size', `'${width}x${height}' is larger than this model paints`);
}

function asWord(resolution: string, { sizes }: Palette): string | undefined {
  const word = resolution.trim().toUpperCase();
  if (sizes.length === 0 && word === '1K') return undefined;
  if (sizes.includes(word)) return word;
  const known = sizes.length === 0 ? '1K' : sizes.join(', ');
  throw refusal('resolution', `'${resolution.slice(0, 32)}' is none of this model's: ${known}`);
}

function refusal(param: string, text: string): GatewayError {
  return new GatewayError('invalid_request', `Invalid value for '${param}': ${text}.`, {
    param,
    reason: 'invalid_value',
    saw: 'nothing',
  });
}
