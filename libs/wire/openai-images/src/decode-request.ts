import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ImageRequest } from '@sluice/contracts/image';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { type NamedMedia, readNamedMedia } from '@sluice/contracts/named-media';
import { present } from '@sluice/contracts/present';
import { UploadedFile } from '@sluice/contracts/uploaded-file';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { decodeShape } from './decode-shape.js';
import { type ImageBody, imageSchema, withNumbers } from './schema.js';

/** What the path says: pictures from words, or pictures from pictures. */
export type ImageOperation = 'generation' | 'edit';

/** A picture that the client names, still to be fetched or found. */
export interface PictureWish {
  /** As the client wrote it: `images[1]`. */
  field: string;
  from: NamedMedia;
}

/** The member that holds a picture in an answer: its address, or its bytes under either name. */
export type PictureMember = 'url' | 'b64_json' | 'base64';

export interface AnswerWish {
  /** Absent where the client said nothing. */
  member?: PictureMember;
  isStreamed: boolean;
  /** Not to be waited for. */
  isAsync: boolean;
}

export interface DecodedRequest {
  /** Without pictures: those are wishes still. The model is absent where the client left it to us. */
  request: Omit<ImageRequest, 'model' | 'pictures' | 'mask'> & { model?: string };
  pictures: PictureWish[];
  mask?: PictureWish;
  answer: AnswerWish;
  /** Fields that have no place in the internal form: they reach only an upstream that speaks this dialect. */
  ignored: string[];
}

/** The upstream that takes this dialect's own fields. */
export const NATIVE_UPSTREAM = 'openai';
const MOST_PICTURES = 16;

/** A JSON body, or a form made one by `formBody`. Throws `invalid_request`, naming the field as the client wrote it. */
export function decodeRequest(raw: unknown, operation: ImageOperation): DecodedRequest {
  const body = withNumbers(raw);
  const parsed = imageSchema.safeParse(body);
  if (!parsed.success) throw schemaError(parsed.error, body);
  const wire = parsed.data;
  const pictures = decodePictures(wire, operation);
  const answer = decodeAnswer(wire);
  const extras = extraFields(body);
  const areUnseen = (wire.partial_images ?? 0) > 0 && !answer.isStreamed;
  return {
    request: {
      ...toRequest(wire),
      ...(Object.keys(extras).length > 0 && { providerOptions: { [NATIVE_UPSTREAM]: extras } }),
    },
    pictures,
    ...(wire.mask != null && { mask: { field: 'mask', from: readNamedMedia(wire.mask, 'mask') } }),
    answer,
    ignored: [...Object.keys(extras), ...(areUnseen ? ['partial_images'] : [])],
  };
}

function toRequest(wire: ImageBody): DecodedRequest['request'] {
  return {
    prompt: decodePrompt(wire.prompt),
    ...decodeShape(wire),
    ...present({
      model: wire.model,
      count: wire.n,
      quality: wire.quality === 'auto' ? undefined : wire.quality,
      style: wire.style,
      background: wire.background,
      format: wire.output_format,
      compression: wire.output_compression,
      moderation: wire.moderation,
      partials: wire.stream && wire.partial_images ? wire.partial_images : undefined,
      inputFidelity: wire.input_fidelity,
      metadata: wire.metadata,
      endUser: wire.safety_identifier ?? wire.user,
    }),
  };
}

function decodePrompt(prompt: string): string {
  if (prompt.trim() !== '') return prompt;
  throw refusal('prompt', 'it is empty');
}

function decodeAnswer(wire: ImageBody): AnswerWish {
  if (wire.async && wire.stream) throw refusal('async', 'a call that is not waited for cannot be streamed');
  return {
    ...present({ member: wire.response_format }),
    isStreamed: wire.stream ?? false,
    isAsync: wire.async ?? false,
  };
}

function decodePictures(wire: ImageBody, operation: ImageOperation): PictureWish[] {
  const pictures = (['image', 'images', 'image_url'] as const).flatMap((field) => wishes(field, wire[field]));
  const tooMany = pictures[MOST_PICTURES];
  if (tooMany) throw refusal(tooMany.field, `at most ${MOST_PICTURES} pictures are taken`);
  if (pictures.length > 0) return pictures;
  if (operation === 'edit') {
    const text = "Missing required parameter: 'image'.";
    throw new GatewayError('invalid_request', text, { param: 'image', reason: 'missing_required_parameter' });
  }
  if (wire.mask != null) throw refusal('mask', 'there is no picture that it could be of');
  return [];
}

function wishes(field: string, value: ImageBody['image']): PictureWish[] {
  if (value == null) return [];
  if (!Array.isArray(value)) return [{ field, from: readNamedMedia(value, field) }];
  return value.map((each, index) => {
    const name = `${field}[${index}]`;
    return { field: name, from: readNamedMedia(each, name) };
  });
}

function extraFields(body: unknown): JsonObject {
  const extras: Record<string, Json> = {};
  for (const [name, value] of Object.entries(body as Record<string, Json | UploadedFile>)) {
    if (Object.hasOwn(imageSchema.shape, name) || value instanceof UploadedFile || value === null) continue;
    extras[name] = value;
  }
  return extras;
}

function refusal(param: string, why: string): GatewayError {
  const text = `Invalid value for '${param}': ${why}.`;
  return new GatewayError('invalid_request', text, { param, reason: 'invalid_value' });
}
