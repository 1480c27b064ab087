import type { JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import type { VideoReference, VideoRequest, VideoSource } from '@sluice/contracts/video';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { unsupported } from './grok.error.js';
import { ratioFor } from './xai.aspect-ratio.js';
import { toDataUrl } from './xai.read-picture.js';
import type { XaiCall } from './xai.request.js';

type Context = UpstreamContext<unknown>;

const RATIOS = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3'];
const RESOLUTIONS = ['480p', '720p', '1080p'];
const LONGEST_SECONDS = 15;
const LONGEST_WITH_REFERENCES_SECONDS = 10;
const MOST_REFERENCES = 7;
/** The base model has neither the highest resolution nor long films of references. */
const IS_NEWER = /imagine-video-1\.[5-9]|imagine-video-[2-9]/;

/** Where and what is posted for a video. What the upstream cannot do is refused before anything is sent, with what it can. */
export async function videoCall(request: VideoRequest, context: Context): Promise<XaiCall> {
  const { source, prompt, providerOptions, endUser } = request;
  const { model } = context;
  const shared = { model, ...present({ prompt: prompt === '' ? undefined : prompt, user: endUser }) };
  const own = providerOptions?.['grok'] ?? {};
  if (source !== undefined) return derived(request, { source, fields: { ...shared, ...own } });
  const references = request.references ?? [];
  checkDuration(request, model);
  const fields = {
    ...shared,
    ...present({
      duration: request.durationSeconds,
      aspect_ratio: ratioOf(request),
      resolution: resolutionOf(request, model),
    }),
    ...(await picturesOf(references, context)),
    ...own,
  };
  return { path: '/videos/generations', body: fields };
}

function derived(
  { durationSeconds }: VideoRequest,
  { source, fields }: { source: VideoSource; fields: JsonObject },
): XaiCall {
  const { relation, operation } = source;
  const url = operation?.['url'];
  if (relation === 'remix') throw unsupported('video', 'The upstream edits and extends videos; it remixes none.');
  if (typeof url !== 'string')
    throw unsupported('video', `The ${relation} names a video that this upstream did not make.`);
  const video = { url };
  if (relation === 'edit') return { path: '/videos/edits', body: { ...fields, video } };
  if (durationSeconds !== undefined && (durationSeconds < 2 || durationSeconds > 10))
    throw unsupported('seconds', 'The upstream extends a video by 2 to 10 seconds.');
  return { path: '/videos/extensions', body: { ...fields, video, ...present({ duration: durationSeconds }) } };
}

function checkDuration({ durationSeconds, references = [] }: VideoRequest, model: string): void {
  if (durationSeconds === undefined) return;
  const hasReferences = references.some(({ role }) => role === 'reference') && references.length > 1;
  const longest = hasReferences && !IS_NEWER.test(model) ? LONGEST_WITH_REFERENCES_SECONDS : LONGEST_SECONDS;
  if (Number.isInteger(durationSeconds) && durationSeconds >= 1 && durationSeconds <= longest) return;
  throw unsupported(
    'seconds',
    `The upstream makes videos of 1 to ${longest} whole seconds${hasReferences ? ' with references' : ''}.`,
  );
}

function ratioOf({ size, aspectRatio }: VideoRequest): string | undefined {
  if (aspectRatio !== undefined && !RATIOS.includes(aspectRatio))
    throw unsupported('aspect_ratio', `The upstream makes videos of ${RATIOS.join(', ')}.`);
  if (size === undefined) return aspectRatio;
  const ratio = ratioFor(size, RATIOS);
  if (ratio === undefined) throw unsupported('size', `The upstream makes videos of the ratios ${RATIOS.join(', ')}.`);
  return ratio;
}

function resolutionOf({ size, resolution, references = [] }: VideoRequest, model: string): string | undefined {
  const told = size === undefined ? resolution?.toLowerCase() : `${Math.min(size.width, size.height)}p`;
  if (told === undefined) return undefined;
  const isFull = IS_NEWER.test(model) && references.length === 0;
  const known = isFull ? RESOLUTIONS : RESOLUTIONS.slice(0, 2);
  if (known.includes(told)) return told;
  const param = size === undefined ? 'resolution' : 'size';
  throw unsupported(param, `The upstream makes videos of ${known.join(', ')} (by the shorter edge).`);
}

async function picturesOf(references: readonly VideoReference[], context: Context): Promise<JsonObject> {
  const param = 'input_reference';
  const first = references.find(({ role }) => role === 'first-frame');
  const last = references.find(({ role }) => role === 'last-frame');
  const others = references.filter(({ role }) => role === 'reference');
  // One picture alone is what the film starts from.
  const start = first ?? (others.length === 1 ? others[0] : undefined);
  if (first !== undefined && others.length > 0)
    throw unsupported(param, 'The upstream takes a first frame or references, not both.');
  if (others.length > MOST_REFERENCES)
    throw unsupported(param, `The upstream takes at most ${MOST_REFERENCES} references.`);
  const told = async ({ media }: VideoReference): Promise<JsonObject> => ({
    url: await toDataUrl(media, { param, context }),
  });
  const many: JsonObject[] = [];
  if (start === undefined) for (const other of others) many.push(await told(other));
  return {
    ...(start !== undefined && { image: await told(start) }),
    ...(last !== undefined && { last_frame: await told(last) }),
    ...(many.length > 0 && { reference_images: many }),
  };
}
