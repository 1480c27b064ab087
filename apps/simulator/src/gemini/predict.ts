import { z } from 'zod';
import { admit } from '../faults/admit.js';
import { withoutMarkers } from '../faults/read-markers.js';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import type { ModelCall } from './model-call.js';
import { requireModel } from './model-family.js';
import { readRequest } from './read-request.js';
import { samplePicture } from './sample-picture.js';

const predictRequestSchema = z.looseObject({
  instances: z.array(z.looseObject({ prompt: z.string().min(1) })).length(1),
  parameters: z
    .looseObject({
      sampleCount: z.int().min(1).max(4).default(1),
      aspectRatio: z.enum(['1:1', '3:4', '4:3', '9:16', '16:9']).default('1:1'),
      sampleImageSize: z.enum(['1K', '2K']).default('1K'),
      personGeneration: z.enum(['dont_allow', 'allow_adult', 'allow_all']).optional(),
      includeSafetyAttributes: z.boolean().default(false),
      includeRaiReason: z.boolean().default(false),
    })
    .prefault({}),
});

const RAI_REASON =
  'Unable to show the generated image. All images were filtered out because they violated our usage guidelines. You will not be charged for blocked images. Support codes: 39322892';

/** POST …/models/{model}:predict, as Imagen answers. What is held back leaves a reason, where one was asked for, or a gap. */
export async function predict(exchange: Exchange, { model, ...context }: ModelCall): Promise<void> {
  const { text, value } = await readRequest(exchange, { type: 'PredictRequest', schema: predictRequestSchema });
  const prompt = value.instances[0]?.prompt ?? '';
  const { answered, fault } = await admit(exchange, context, { model, prompt, bodyBytes: text.length });
  if (answered) return;
  requireModel(model, 'predict');
  const { sampleCount, aspectRatio, sampleImageSize: imageSize, ...wishes } = value.parameters;
  const heldBack = Math.min(sampleCount, fault?.noPicture ? sampleCount : (fault?.heldBack ?? 0));
  const pictures = Array.from({ length: sampleCount - heldBack }, (_, index) => ({
    mimeType: 'image/png',
    bytesBase64Encoded: samplePicture(`${index} ${withoutMarkers(prompt)}`, { aspectRatio, imageSize }).toString(
      'base64',
    ),
    ...(wishes.includeSafetyAttributes && { safetyAttributes: { categories: ['Violence'], scores: [0.1] } }),
  }));
  const predictions = [
    ...pictures,
    ...(heldBack > 0 && wishes.includeRaiReason ? [{ raiFilteredReason: RAI_REASON }] : []),
    ...(wishes.includeSafetyAttributes ? [{ contentType: 'Positive Prompt', safetyAttributes: {} }] : []),
  ];
  await sendBody(exchange, JSON.stringify(predictions.length === 0 ? {} : { predictions }), fault);
}
