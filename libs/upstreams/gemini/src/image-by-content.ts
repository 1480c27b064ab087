import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ImageRequest } from '@sluice/contracts/image';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import { doubtRefusal } from '@sluice/upstream-kit/doubt-refusal';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { decodeResponse } from '@sluice/wire-gemini-generate/decode-response';
import type { GeminiCredential } from './gemini.credential.js';
import { readToldFailure } from './gemini.error.js';
import { post } from './gemini.request.js';
import { readPicture, type CallResult } from './image-call.js';
import { paletteOf, shapeFor } from './image-shape.js';
import { refusedContent } from './refused-content.js';

type Context = UpstreamContext<GeminiCredential>;

/** One picture at a size of 4K is some 20 MB. */
const MAXIMUM_ANSWER_BYTES = 128 * 1024 * 1024;

/** The body for a model that paints while it talks: one picture a call. */
export async function encodeByContent(request: ImageRequest, context: Context): Promise<JsonObject> {
  const imageConfig = shapeFor(request, paletteOf(context.model));
  const { generationConfig, ...own } = request.providerOptions?.['gemini'] ?? {};
  const pictures: JsonObject[] = [];
  for (const media of request.pictures ?? []) pictures.push(await inline(media, context));
  return {
    contents: [{ role: 'user', parts: [...pictures, { text: request.prompt }] }],
    generationConfig: {
      responseModalities: ['TEXT', 'IMAGE'],
      ...(Object.keys(imageConfig).length > 0 && { imageConfig: { ...imageConfig } }),
      ...(isJsonObject(generationConfig) && generationConfig),
    },
    ...own,
  };
}

async function inline(media: StoredMedia, { readMedia }: Context): Promise<JsonObject> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readMedia(media)) pieces.push(piece);
  return { inlineData: { mimeType: media.mediaType, data: Buffer.concat(pieces).toString('base64') } };
}

export async function paintByContent(body: JsonObject, context: Context): Promise<CallResult> {
  const response = await post({ model: context.model, method: 'generateContent', body }, context).catch(doubtRefusal);
  const json = await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES });
  const failure = readToldFailure(json, context.clock.now());
  if (failure !== undefined) throw failure;
  return toResult(decode(json));
}

/** An answer that has an end and nothing in it made nothing; of anything else that is no answer nobody knows. */
function decode(json: Json): ChatPart[] {
  try {
    return decodeResponse(json);
  } catch (thrown) {
    if (!(thrown instanceof GatewayError) || thrown.code !== 'upstream_bad_answer') throw thrown;
    throw GatewayError.fromData({ ...thrown.data, saw: hasEnd(json) ? 'refused' : 'unknown' });
  }
}

function hasEnd(json: Json): boolean {
  const candidates = isJsonObject(json) ? json['candidates'] : undefined;
  return Array.isArray(candidates) && candidates.some((each) => isJsonObject(each) && each['finishReason'] != null);
}

function toResult(parts: readonly ChatPart[]): CallResult {
  const usage = parts.findLast((part) => part.type === 'usage')?.usage;
  const pictures = parts.flatMap((part) => (part.type === 'image' ? [readPicture(part.mediaType, part.base64)] : []));
  if (pictures.length === 0) throw unpainted(parts);
  return { pictures, ...(usage && { usage }) };
}

/** Words instead of a picture are how a model says no; an end without either is worth another try. */
function unpainted(parts: readonly ChatPart[]): GatewayError {
  const text = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
  const finish = parts.find((part) => part.type === 'finish');
  const native = finish?.native;
  if (finish?.reason === 'content-filter') return refusedContent('picture', { native, text });
  if (text.trim() !== '') return refusedContent('picture', { native: 'NO_IMAGE', text });
  const message = `The model made no picture (${native ?? 'without a reason'}).`;
  return new GatewayError('upstream_bad_answer', message, {
    saw: 'refused',
    ...(native !== undefined && { upstreamCode: native }),
  });
}
