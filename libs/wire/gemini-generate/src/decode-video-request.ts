import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { NamedMedia } from '@sluice/contracts/named-media';
import { present } from '@sluice/contracts/present';
import type { VideoReference, VideoRequest } from '@sluice/contracts/video';
import { camelCased } from './camel-case.js';
import { videoIn } from './file-names.js';
import { parseWire } from './parse-wire.js';
import { predictVideoSchema, type PredictVideoBody, type WireImage } from './video-schema.js';

type Instance = PredictVideoBody['instances'][number];

export interface NamedFrame {
  field: string;
  role: VideoReference['role'];
  from: NamedMedia;
}

export interface DecodedVideoRequest {
  /** Without references and source: those are named still. */
  request: Omit<VideoRequest, 'references' | 'source'>;
  pictures: NamedFrame[];
  /** The video that is to be extended. */
  source?: { field: string; relation: 'extension'; generationId: string };
}

/** A call of Veo's. Throws `invalid_request` or `unsupported`, naming the field as the client wrote it. */
export function decodeVideoRequest(body: unknown, { model }: { model: string }): DecodedVideoRequest {
  const { instances, parameters, webhookConfig } = parseWire(predictVideoSchema, withCamelParameters(body));
  if (webhookConfig != null) throw noWebhook();
  const [instance = {}] = instances;
  const pictures = picturesOf(instance);
  const prompt = instance.prompt ?? '';
  if (prompt.trim() === '' && pictures.length === 0 && instance.video == null) throw nothingAsked();
  const { sampleCount: _, aspectRatio, resolution, durationSeconds, ...others } = parameters ?? {};
  const seconds = durationSeconds == null ? undefined : Number(durationSeconds);
  const isExtension = instance.video != null;
  const field = 'instances[0].video.uri';
  // Of an extension Google wants to hear the length of a whole, and adds what it always adds.
  const options = present({ ...others, ...(isExtension && { durationSeconds: seconds }) }) as JsonObject;
  return {
    request: {
      model,
      prompt,
      ...present({ durationSeconds: isExtension ? undefined : seconds, aspectRatio, resolution }),
      ...(Object.keys(options).length > 0 && { providerOptions: { gemini: options } }),
    },
    pictures,
    ...(instance.video && {
      source: { field, relation: 'extension', generationId: videoIn(instance.video.uri, field) },
    }),
  };
}

/** Elsewhere what is called so is a schema, whose names are the caller's own; here they are Google's. */
function withCamelParameters(body: unknown): unknown {
  if (!isJsonObject(body) || !isJsonObject(body['parameters'])) return body;
  return { ...body, parameters: camelCased(body['parameters']) };
}

function picturesOf({ image, lastFrame, referenceImages }: Instance): NamedFrame[] {
  const place = 'instances[0]';
  const references = (referenceImages ?? []).map(({ image: picture, referenceType }, index) => {
    const field = `${place}.referenceImages[${index}]`;
    if (referenceType != null && referenceType.toLowerCase() !== 'asset') throw onlyAssets(`${field}.referenceType`);
    return frame(`${field}.image`, picture, 'reference');
  });
  return [
    ...(image == null ? [] : [frame(`${place}.image`, image, 'first-frame')]),
    ...(lastFrame == null ? [] : [frame(`${place}.lastFrame`, lastFrame, 'last-frame')]),
    ...references,
  ];
}

function frame(field: string, image: WireImage, role: VideoReference['role']): NamedFrame {
  const { data, mimeType } =
    'inlineData' in image ? image.inlineData : { data: image.bytesBase64Encoded, mimeType: image.mimeType };
  // Both alphabets of base64 are about.
  const base64 = data.replaceAll('-', '+').replaceAll('_', '/');
  return { field, role, from: { type: 'url', url: `data:${mimeType ?? ''};base64,${base64}` } };
}

function nothingAsked(): GatewayError {
  const text = "Missing required parameter: 'instances[0].prompt'.";
  return new GatewayError('invalid_request', text, { param: 'instances[0].prompt' });
}

function onlyAssets(param: string): GatewayError {
  return new GatewayError('unsupported', `Unsupported '${param}': reference pictures are of the type 'asset'.`, {
    param,
  });
}

function noWebhook(): GatewayError {
  const text =
    "Unsupported 'webhookConfig': name the URL in the header x-sluice-webhook, or register an endpoint for all calls.";
  return new GatewayError('unsupported', text, { param: 'webhookConfig' });
}
