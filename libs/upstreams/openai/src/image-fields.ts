import type { ImageRequest } from '@sluice/contracts/image';
import type { JsonObject } from '@sluice/contracts/json';

/** Always answers with the bytes, and refuses to be asked in which form. */
const GPT_IMAGE = /(?:^|\/)(?:chat)?gpt-image/i;
/** Answers with an address unless it is asked for the bytes, and knows no stream. */
const DALL_E = /(?:^|\/)dall-e/i;

/** The fields of a request, the pictures of an edit aside. */
export function encodeImageFields(request: ImageRequest, model: string): JsonObject {
  const { prompt, count, quality, style, background, format, compression, moderation, inputFidelity, endUser } =
    request;
  return {
    model,
    prompt,
    ...(count !== undefined && { n: count }),
    ...shapeOf(request, model),
    ...(quality !== undefined && { quality }),
    ...(style !== undefined && { style }),
    ...(background !== undefined && { background }),
    ...(format !== undefined && { output_format: format }),
    ...(compression !== undefined && { output_compression: compression }),
    ...(moderation !== undefined && { moderation }),
    ...(inputFidelity !== undefined && { input_fidelity: inputFidelity }),
    ...(endUser !== undefined && { user: endUser }),
    ...(DALL_E.test(model) && { response_format: 'b64_json' }),
    ...request.providerOptions?.['openai'],
    ...(isStreamWanted(request, model) && { stream: true, partial_images: request.partials }),
  };
}

/** Only previews are worth a stream: not every vendor has one. */
export function isStreamWanted({ partials = 0 }: ImageRequest, model: string): boolean {
  return partials > 0 && !DALL_E.test(model);
}

/** The sizes that OpenAI's own models have for a ratio; whoever has others is told the ratio, and may refuse it. */
const SIZES: Readonly<Record<string, string>> = { '1:1': '1024x1024', '3:2': '1536x1024', '2:3': '1024x1536' };

function shapeOf({ size, aspectRatio, resolution }: ImageRequest, model: string): JsonObject {
  if (size !== undefined) return { size: `${size.width}x${size.height}` };
  const own = GPT_IMAGE.test(model) && resolution === undefined ? SIZES[aspectRatio ?? ''] : undefined;
  if (own !== undefined) return { size: own };
  return {
    ...(aspectRatio !== undefined && { aspect_ratio: aspectRatio }),
    ...(resolution !== undefined && { resolution }),
  };
}
