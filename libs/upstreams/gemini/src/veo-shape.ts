import { GatewayError } from '@sluice/contracts/gateway-error';
import { present } from '@sluice/contracts/present';
import type { VideoRequest } from '@sluice/contracts/video';
import type { VeoAbilities } from './veo-abilities.js';

/** How long and how large, in the API's words. */
export interface VeoShape {
  durationSeconds?: number;
  aspectRatio?: string;
  resolution?: string;
}

const BASE_RESOLUTION = '720p';
/** What an extension adds, whatever it is told. */
const EXTENSION_SECONDS = 7;
const LINES = new Map([
  [720, '720p'],
  [1080, '1080p'],
  [2160, '4k'],
]);

/** What the model cannot do is refused with what it can, and nothing is changed to fit. What was not asked is the API's to choose. */
export function shapeOf(request: VideoRequest, abilities: VeoAbilities): VeoShape {
  const { aspectRatio, resolution } = sizeOf(request);
  if (aspectRatio !== undefined) mustBeOneOf(aspectRatio, abilities.aspectRatios, fieldOf(request, 'aspectRatio'));
  if (resolution !== undefined) mustBeOneOf(resolution, abilities.resolutions, fieldOf(request, 'resolution'));
  return present({ durationSeconds: durationOf(request, { abilities, resolution }), aspectRatio, resolution });
}

function durationOf(
  { durationSeconds, source, references = [] }: VideoRequest,
  { abilities, resolution = BASE_RESOLUTION }: { abilities: VeoAbilities; resolution: string | undefined },
): number | undefined {
  if (durationSeconds === undefined) return undefined;
  if (source) {
    mustBeOneOf(durationSeconds, [EXTENSION_SECONDS], 'durationSeconds');
    return undefined;
  }
  mustBeOneOf(durationSeconds, abilities.durations, 'durationSeconds');
  const { fullSeconds } = abilities;
  const isFull = resolution !== BASE_RESOLUTION || references.some(({ role }) => role === 'reference');
  if (isFull && fullSeconds !== undefined) mustBeOneOf(durationSeconds, [fullSeconds], 'durationSeconds');
  return durationSeconds;
}

/** A size is a ratio and a number of lines; the API has no third. */
function sizeOf({ size, aspectRatio, resolution }: VideoRequest): Pick<VeoShape, 'aspectRatio' | 'resolution'> {
  if (size === undefined) return present({ aspectRatio, resolution: resolution?.toLowerCase() });
  const { width, height } = size;
  const lines = LINES.get(Math.min(width, height));
  const isWide = Math.max(width, height) * 9 === Math.min(width, height) * 16;
  if (lines === undefined || !isWide) throw refusal(`${width}x${height}`, SIZES, 'size');
  return { aspectRatio: width > height ? '16:9' : '9:16', resolution: lines };
}

const SIZES = [...LINES.keys()].flatMap((lines) => {
  const long = (lines * 16) / 9;
  return [`${long}x${lines}`, `${lines}x${long}`];
});

/** As the caller said it. */
function fieldOf({ size }: VideoRequest, field: 'aspectRatio' | 'resolution'): string {
  return size === undefined ? field : 'size';
}

function mustBeOneOf<Value extends string | number>(value: Value, can: readonly Value[], param: string): void {
  if (!can.includes(value)) throw refusal(String(value), can, param);
}

function refusal(value: string, can: readonly (string | number)[], param: string): GatewayError {
  const message = `Invalid '${param}': '${value.slice(0, 32)}' cannot be made by this model in this way. It can: ${can.join(', ')}.`;
  // Another target may be able to.
  return new GatewayError('unsupported', message, { param, saw: 'nothing' });
}
