import type { ImageRequest } from '@sluice/contracts/image';
import type { JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { unsupported } from './grok.error.js';
import { ratioFor } from './xai.aspect-ratio.js';
import { toDataUrl } from './xai.read-picture.js';

const RATIOS = '1:1 3:4 4:3 9:16 16:9 2:3 3:2 9:19.5 19.5:9 9:20 20:9 1:2 2:1 21:9 5:2'.split(' ');
const RESOLUTIONS: ReadonlySet<string> = new Set(['1k', '1.5k', '2k']);
const QUALITIES: ReadonlySet<string> = new Set(['low', 'medium', 'high']);
/** Only this one knows qualities. */
const HAS_QUALITY = /imagine-image-2/;
const MOST_PICTURES = 3;
const MOST_AT_ONCE = 10;
const LARGE_EDGE = 1_920;

/** The body for pictures, or for edits of some. What the upstream cannot do is refused, with what it can. */
export async function imageFields(request: ImageRequest, context: UpstreamContext<unknown>): Promise<JsonObject> {
  const { prompt, count = 1, endUser, providerOptions } = request;
  refuse(request);
  if (count > MOST_AT_ONCE) throw unsupported('n', `The upstream makes at most ${MOST_AT_ONCE} pictures at once.`);
  return {
    model: context.model,
    prompt,
    n: count,
    response_format: 'b64_json',
    ...present({
      aspect_ratio: ratioOf(request),
      resolution: resolutionOf(request),
      quality: qualityOf(request, context.model),
      user: endUser,
    }),
    ...(await picturesOf(request, context)),
    ...providerOptions?.['grok'],
  };
}

/** What clients of every vendor send, and this one has no word for; the answer says so. */
export function ignoredFields(request: ImageRequest, model: string): string[] {
  const { quality, style, moderation, inputFidelity } = request;
  const isLost = quality !== undefined && quality !== 'auto' && qualityOf(request, model) === undefined;
  return [
    ...(isLost ? ['quality'] : []),
    ...(style === undefined ? [] : ['style']),
    ...(moderation === undefined || moderation === 'auto' ? [] : ['moderation']),
    ...(inputFidelity === undefined ? [] : ['input_fidelity']),
  ];
}

function refuse({ background, format, mask }: ImageRequest): void {
  if (background === 'transparent') throw unsupported('background', 'The upstream makes no transparent pictures.');
  if (format !== undefined && format !== 'jpeg')
    throw unsupported('output_format', 'The upstream makes JPEG pictures.');
  if (mask !== undefined) throw unsupported('mask', 'The upstream edits whole pictures: it takes no mask.');
}

function ratioOf({ size, aspectRatio }: ImageRequest): string | undefined {
  if (aspectRatio !== undefined && aspectRatio !== 'auto' && !RATIOS.includes(aspectRatio))
    throw unsupported('aspect_ratio', `The upstream makes pictures of ${RATIOS.join(', ')}.`);
  if (size === undefined || aspectRatio !== undefined) return aspectRatio;
  const ratio = ratioFor(size, RATIOS);
  if (ratio !== undefined) return ratio;
  throw unsupported(
    'size',
    `The upstream makes pictures of the ratios ${RATIOS.join(', ')}; this size is none of them.`,
  );
}

function resolutionOf({ resolution, size }: ImageRequest): string | undefined {
  if (resolution === undefined)
    return size !== undefined && Math.max(size.width, size.height) >= LARGE_EDGE ? '2k' : undefined;
  const told = resolution.toLowerCase();
  if (RESOLUTIONS.has(told)) return told;
  throw unsupported('resolution', `The upstream makes pictures of ${[...RESOLUTIONS].join(', ')}.`);
}

function qualityOf({ quality = '' }: ImageRequest, model: string): string | undefined {
  return HAS_QUALITY.test(model) && QUALITIES.has(quality) ? quality : undefined;
}

async function picturesOf({ pictures = [] }: ImageRequest, context: UpstreamContext<unknown>): Promise<JsonObject> {
  if (pictures.length === 0) return {};
  if (pictures.length > MOST_PICTURES)
    throw unsupported('image', `The upstream edits at most ${MOST_PICTURES} pictures at once.`);
  const urls: string[] = [];
  for (const picture of pictures) urls.push(await toDataUrl(picture, { param: 'image', context }));
  const told = urls.map((url) => ({ type: 'image_url', url }));
  const [only] = told;
  return told.length === 1 && only ? { image: only } : { images: told };
}
