import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';

/** How long and how large a film becomes: the API never tells, and its defaults are its own. */
export interface VeoMade {
  seconds?: number;
  size?: string;
}

const USUAL = { seconds: 8, aspectRatio: '16:9', resolution: '720p' };
/** What an extension adds, whatever it is told. */
const EXTENSION_SECONDS = 7;
const SIDES: Readonly<Record<string, readonly [long: number, short: number]>> = {
  '720p': [1280, 720],
  '1080p': [1920, 1080],
  '4k': [3840, 2160],
};

/** Of what is sent; `source` is what an extension goes on from. */
export function madeOf({ parameters }: JsonObject, source: VeoMade | undefined): VeoMade {
  if (source) return present({ seconds: source.seconds && source.seconds + EXTENSION_SECONDS, size: source.size });
  const told = isJsonObject(parameters) ? parameters : {};
  const { durationSeconds = USUAL.seconds, aspectRatio = USUAL.aspectRatio, resolution = USUAL.resolution } = told;
  const seconds = Number(durationSeconds);
  return present({
    seconds: Number.isFinite(seconds) ? seconds : undefined,
    size: sizeOf(String(resolution), String(aspectRatio)),
  });
}

function sizeOf(resolution: string, aspectRatio: string): string | undefined {
  const [long, short] = SIDES[resolution] ?? [];
  if (long === undefined || short === undefined) return undefined;
  if (aspectRatio === '16:9') return `${long}x${short}`;
  return aspectRatio === '9:16' ? `${short}x${long}` : undefined;
}
