import type { DurableInput } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ImageRequest } from '@sluice/contracts/image';
import type { VideoRequest } from '@sluice/contracts/video';
import type { SoraNamesBind } from '@sluice/domain-settings/sora-names-bind';
import type { Orientation, SoraName } from '@sluice/manifests/sora-names';
import { boundName } from './bound-name.js';

/** What counts where a call says other than the name of its model: neither, which is refused, or the call. */
export type NameRule = 'agree' | 'call-wins';

/** What a name of Sora's clients says, put where the canonical request says it; any other request is left as it is. */
export function withNamedShape(input: DurableInput, rule: NameRule, binds?: SoraNamesBind): DurableInput {
  if (input.kind !== 'image' && input.kind !== 'video') return input;
  const name = boundName(input.request.model, binds);
  if (!name) return input;
  if (input.kind === 'image') return { kind: 'image', request: shapedImage(input.request, name) };
  // What goes on from another film is as that one is: its model's name was said of that one.
  return input.request.source ? input : { kind: 'video', request: shapedVideo(input.request, { name, rule }) };
}

const FILM_RATIOS: Readonly<Record<Orientation, string>> = { landscape: '16:9', portrait: '9:16' };
const PICTURE_RATIOS: Readonly<Record<Orientation, string>> = { landscape: '3:2', portrait: '2:3' };
const SQUARE = '1:1';
const LARGE = '1080p';
/** Vendors' words for the larger size. */
const LARGE_WORDS = /^(?:hd|1080p|large)$/i;
/** The short side of the smallest size that the better model called large. */
const LEAST_LARGE_SIDE = 1_024;

function shapedVideo(request: VideoRequest, { name, rule }: { name: SoraName; rule: NameRule }): VideoRequest {
  if (rule === 'agree') refuseOther(request, name);
  const { seconds, orientation, isLarge } = name;
  const { size, durationSeconds = seconds } = request;
  const aspectRatio = request.aspectRatio ?? (orientation && FILM_RATIOS[orientation]);
  const resolution = request.resolution ?? (isLarge && LARGE);
  return {
    ...request,
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(!size && aspectRatio !== undefined && { aspectRatio }),
    ...(!size && resolution !== undefined && { resolution }),
  };
}

/** What is said twice has to be the same: a film is paid for, and which of the two was meant nobody knows. */
function refuseOther(request: VideoRequest, { seconds, orientation, isLarge }: SoraName): void {
  const { durationSeconds, size, aspectRatio, resolution, model } = request;
  if (seconds !== undefined && durationSeconds !== undefined && durationSeconds !== seconds)
    throw contradiction('seconds', { model, says: `${seconds} seconds` });
  if (orientation) refuseTurned({ size, aspectRatio }, { model, orientation });
  const isSmaller = size
    ? Math.min(size.width, size.height) < LEAST_LARGE_SIDE
    : !LARGE_WORDS.test(resolution ?? LARGE);
  if (isLarge && isSmaller) throw contradiction(size ? 'size' : 'resolution', { model, says: 'the larger size' });
}

function shapedImage(request: ImageRequest, { orientation }: SoraName): ImageRequest {
  const { size, aspectRatio, model } = request;
  if (orientation) refuseTurned({ size, aspectRatio }, { model, orientation });
  if (size || aspectRatio !== undefined) return request;
  return { ...request, aspectRatio: orientation ? PICTURE_RATIOS[orientation] : SQUARE };
}

function refuseTurned(
  { size, aspectRatio }: { size: VideoRequest['size'] | undefined; aspectRatio: string | undefined },
  { model, orientation }: { model: string; orientation: Orientation },
): void {
  const [width = 0, height = 0] = size ? [size.width, size.height] : (aspectRatio ?? '').split(':').map(Number);
  if (width === 0 || height === 0) return;
  const isAsNamed = orientation === 'landscape' ? width > height : width < height;
  if (!isAsNamed) throw contradiction(size ? 'size' : 'aspect_ratio', { model, says: orientation });
}

function contradiction(param: string, { model, says }: { model: string; says: string }): GatewayError {
  const text = `Invalid value for '${param}': it contradicts the model's name, '${model}', which says ${says}. Leave one of them out.`;
  return new GatewayError('invalid_request', text, { param, reason: 'invalid_value' });
}
