import { z } from 'zod';
import { invalidArgument } from './refuse.js';

const imageSchema = z.looseObject({
  bytesBase64Encoded: z.base64().min(1),
  mimeType: z.enum(['image/png', 'image/jpeg', 'image/webp']),
});

const instanceSchema = z.looseObject({
  prompt: z.string().default(''),
  image: imageSchema.optional(),
  lastFrame: imageSchema.optional(),
  video: z.looseObject({ uri: z.string().min(1) }).optional(),
  referenceImages: z
    .array(z.looseObject({ image: imageSchema, referenceType: z.enum(['asset', 'ASSET', 'style', 'STYLE']) }))
    .default([]),
});

/** A request of `predictLongRunning`, after its names were checked. */
export const veoRequestSchema = z.looseObject({
  instances: z.array(instanceSchema).length(1),
  parameters: z
    .looseObject({
      sampleCount: z.literal(1).optional(),
      durationSeconds: z.int().optional(),
      aspectRatio: z.string().optional(),
      resolution: z.string().optional(),
      personGeneration: z.enum(['allow_all', 'allow_adult', 'dont_allow']).optional(),
      negativePrompt: z.string().optional(),
    })
    .default({}),
});

export type VeoRequest = z.infer<typeof veoRequestSchema>;

interface Family {
  durations: readonly number[];
  resolutions: readonly string[];
  isNewest: boolean;
}

function familyOf(model: string): Family {
  if (model.includes('veo-2')) return { durations: [5, 6, 7, 8], resolutions: ['720p'], isNewest: false };
  const isLite = /veo-[\d.]+-lite/.test(model);
  const resolutions = ['720p', '1080p', ...(isLite || /veo-3(?:\.0)?-/.test(model) ? [] : ['4k'])];
  return { durations: [4, 6, 8], resolutions, isNewest: !/veo-3(?:\.0)?-/.test(model) };
}

/** What this model cannot do, refused as Google does it. */
export function checkVeoRequest({ instances, parameters }: VeoRequest, model: string): void {
  const { durations, resolutions, isNewest } = familyOf(model);
  const [instance] = instances;
  const { prompt = '', image, lastFrame, video, referenceImages = [] } = instance ?? {};
  const { durationSeconds = 8, aspectRatio = '16:9', resolution = '720p' } = parameters;
  if (prompt === '' && image === undefined && video === undefined) throw refuse('prompt', 'Prompt cannot be empty.');
  if (!['16:9', '9:16'].includes(aspectRatio)) throw refuse('aspectRatio', `${aspectRatio} is not supported.`);
  if (!resolutions.includes(resolution)) throw refuse('resolution', `${resolution} is not supported.`);
  if (!durations.includes(durationSeconds))
    throw refuse('durationSeconds', `out of bound. Please provide a value between ${durations[0]} and 8.`);
  if (durationSeconds !== 8 && isNewest && (resolution !== '720p' || referenceImages.length > 0))
    throw refuse('durationSeconds', 'must be 8 here.');
  const usesNew = lastFrame !== undefined || video !== undefined || referenceImages.length > 0;
  if (usesNew && !isNewest) throw refuse('instances', 'Your use case is currently not supported.');
  if (referenceImages.length > 3) throw refuse('referenceImages', 'at most 3 are supported.');
}

function refuse(field: string, why: string) {
  return invalidArgument(`The value of ${field} is invalid: ${why}`, field);
}
