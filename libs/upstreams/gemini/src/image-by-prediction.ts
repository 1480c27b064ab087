import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ImageRequest } from '@sluice/contracts/image';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import { doubtRefusal } from '@sluice/upstream-kit/doubt-refusal';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { z } from 'zod';
import type { GeminiCredential } from './gemini.credential.js';
import { readToldFailure } from './gemini.error.js';
import { post } from './gemini.request.js';
import { readPicture, type CallResult, type Picture } from './image-call.js';
import { IMAGEN, shapeFor } from './image-shape.js';

type Context = UpstreamContext<GeminiCredential>;

/** Pictures of one call of Imagen's. */
export const MOST_BY_PREDICTION = 4;

const MAXIMUM_ANSWER_BYTES = 128 * 1024 * 1024;

/** The body for Imagen. Its reasons are asked for, since without them what was held back is only missing. */
export function encodePrediction(request: ImageRequest, count: number): JsonObject {
  const { aspectRatio, imageSize } = shapeFor(request, IMAGEN);
  const { format, compression } = request;
  // `personGeneration` and the like.
  const own = request.providerOptions?.['gemini']?.['parameters'];
  const mimeType = format === 'png' || format === 'jpeg' ? `image/${format}` : undefined;
  const output = present({ mimeType, compressionQuality: format === 'jpeg' ? compression : undefined });
  const parameters = present({
    sampleCount: count,
    aspectRatio,
    sampleImageSize: imageSize,
    includeSafetyAttributes: true,
    includeRaiReason: true,
    outputOptions: Object.keys(output).length === 0 ? undefined : output,
  });
  return { instances: [{ prompt: request.prompt }], parameters: { ...parameters, ...(isJsonObject(own) && own) } };
}

const predictionSchema = z.object({
  bytesBase64Encoded: z.string().min(1).optional(),
  mimeType: z.string().optional(),
  prompt: z.string().optional(),
  raiFilteredReason: z.string().optional(),
});

export async function paintByPrediction(body: JsonObject, context: Context): Promise<CallResult> {
  const response = await post({ model: context.model, method: 'predict', body }, context).catch(doubtRefusal);
  const json = await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES });
  const failure = readToldFailure(json, context.clock.now());
  if (failure !== undefined) throw failure;
  return toResult(json);
}

function toResult(json: Json): CallResult {
  const predictions = z.object({ predictions: z.array(predictionSchema).min(1) }).safeParse(json);
  if (!predictions.success)
    throw new GatewayError('upstream_bad_answer', 'The upstream sent something that is no prediction.', {
      saw: 'unknown',
    });
  const pictures: Picture[] = [];
  let reason: string | undefined;
  for (const { bytesBase64Encoded: data, mimeType, prompt, raiFilteredReason } of predictions.data.predictions) {
    if (data !== undefined)
      pictures.push({ ...readPicture(mimeType ?? 'image/png', data), ...present({ revisedPrompt: prompt }) });
    reason ??= raiFilteredReason;
  }
  if (pictures.length === 0) throw heldBack(reason);
  return { pictures, ...(reason !== undefined && { filtered: heldBack(reason) }) };
}

/** Google's own words say what it saw in them. */
function heldBack(reason = 'The upstream tells no reason.'): GatewayError {
  const message = `Imagen held the pictures back. ${reason}`.slice(0, LONGEST_MESSAGE);
  return new GatewayError('content_refused', message, { saw: 'refused', upstreamCode: 'RAI_FILTERED' });
}

const LONGEST_MESSAGE = 1_000;
