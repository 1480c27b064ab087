import type { VideoRequest } from '@sluice/contracts/video';
import { unsupported } from './grok.error.js';
import { ratioFor } from './xai.aspect-ratio.js';

/** A video in the website's words. */
export interface WebVideo {
  message: string;
  aspectRatio: string;
  seconds: number;
  resolution: 'SD' | 'HD';
  isUpscaled: boolean;
}

const RATIOS = ['2:3', '3:2', '1:1', '9:16', '16:9'];
const MODES: Readonly<Record<string, string>> = { fun: 'extremely-crazy', normal: 'normal', custom: 'custom' };
const SHORTEST_SECONDS = 5;
const LONGEST_SECONDS = 15;
/** As the site's own page asks where its user says nothing. */
const USUAL = { aspectRatio: '3:2', seconds: 6 };
const HIGH = /^(?:hd|high|720p)$/i;
const LOW = /^(?:sd|standard|480p)$/i;

/** What the website cannot do is refused before anything is sent, with what it can. */
export function toWebVideo(request: VideoRequest): WebVideo {
  const { prompt, source, durationSeconds = USUAL.seconds, references = [], providerOptions } = request;
  const { preset = 'custom', upscale } = providerOptions?.['grok'] ?? {};
  if (source !== undefined) throw unsupported('video', 'The website makes videos of words and of one picture.');
  if (references.length > 1) throw unsupported('input_reference', 'The website starts a video from one picture.');
  if (!Number.isInteger(durationSeconds) || durationSeconds < SHORTEST_SECONDS || durationSeconds > LONGEST_SECONDS)
    throw unsupported(
      'seconds',
      `The website makes videos of ${SHORTEST_SECONDS} to ${LONGEST_SECONDS} whole seconds.`,
    );
  const mode = typeof preset === 'string' ? MODES[preset] : undefined;
  if (mode === undefined) throw unsupported('preset', `The presets are ${Object.keys(MODES).join(', ')}.`);
  return {
    message: `${prompt} --mode=${mode}`.trim(),
    aspectRatio: ratioOf(request),
    seconds: durationSeconds,
    resolution: resolutionOf(request),
    isUpscaled: upscale === true,
  };
}

function ratioOf({ size, aspectRatio }: VideoRequest): string {
  const ratio = size === undefined ? (aspectRatio ?? USUAL.aspectRatio) : ratioFor(size, RATIOS);
  if (ratio !== undefined && RATIOS.includes(ratio)) return ratio;
  throw unsupported(size === undefined ? 'aspect_ratio' : 'size', `The website makes videos of ${RATIOS.join(', ')}.`);
}

function resolutionOf({ resolution, size }: VideoRequest): 'SD' | 'HD' {
  const told = resolution ?? (size === undefined ? 'sd' : `${Math.min(size.width, size.height)}p`);
  if (HIGH.test(told)) return 'HD';
  if (LOW.test(told)) return 'SD';
  const param = resolution === undefined ? 'size' : 'resolution';
  throw unsupported(param, 'The website makes videos of 480p (SD) and 720p (HD), by the shorter edge.');
}
