import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import { UploadedFile } from '@sluice/contracts/uploaded-file';
import type { VideoRequest, VideoSource } from '@sluice/contracts/video';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { type CharacterWish, decodeCharacters } from './decode-characters.js';
import { decodePictures, type PictureWish } from './decode-pictures.js';
import { decodeShape } from './decode-shape.js';
import { decodeSource, find, postIn, type SourceWish } from './decode-source.js';
import { type VideoBody, videoSchema } from './schema.js';
import { toProviderOptions } from './provider-options.js';

/** What the path says of a body. */
export interface VideoOperation {
  /** Absent for a video that starts from none. */
  relation?: VideoSource['relation'];
  /** The source, where the path names it. */
  sourceId?: string;
}

export interface DecodedRequest {
  /** Without references and source: those are wishes still. The model is absent where the client left it to us. */
  request: Omit<VideoRequest, 'model' | 'references' | 'source' | 'characters'> & { model?: string };
  pictures: PictureWish[];
  source?: SourceWish;
  characters?: readonly CharacterWish[];
  /** Fields that have no place in the internal form: they reach only an upstream that speaks this dialect. */
  ignored: string[];
}

/** A JSON body, or a form made one by `formBody`. Throws `invalid_request`, naming the field as the client wrote it. */
export function decodeRequest(body: unknown, operation: VideoOperation = {}): DecodedRequest {
  const parsed = videoSchema.safeParse(body);
  if (!parsed.success) throw schemaError(parsed.error, body);
  const wire = parsed.data;
  const { relation, sourceId } = operation;
  const pictures = decodePictures(wire);
  refuseSeveral(wire.n);
  const source =
    sourceId !== undefined && relation !== undefined ? find('id', sourceId, relation) : decodeSource(wire, relation);
  const { ours, others } = decodeCharacters(wire.characters);
  const extras = { ...extraFields(body), ...(others.length > 0 && { characters: others }) };
  const post = postIn(wire);
  return {
    request: {
      prompt: decodePrompt(wire.prompt, pictures),
      ...decodeShape(wire),
      ...present({
        model: wire.model,
        metadata: decodeMetadata(wire.metadata),
        endUser: wire.safety_identifier ?? wire.user,
        providerOptions: toProviderOptions(post === undefined ? extras : { ...extras, remix_target_id: post }),
      }),
    },
    pictures,
    ...(source && { source }),
    ...(ours.length > 0 && { characters: ours }),
    ignored: Object.keys(extras),
  };
}

/** A picture may speak for itself; what has neither is nothing. */
function decodePrompt(prompt: string | null | undefined, pictures: readonly PictureWish[]): string {
  if (prompt != null && prompt.trim() !== '') return prompt;
  if (pictures.length > 0) return '';
  const text = prompt == null ? "Missing required parameter: 'prompt'." : "Invalid 'prompt': it is empty.";
  const reason = prompt == null ? 'missing_required_parameter' : 'invalid_value';
  throw new GatewayError('invalid_request', text, { param: 'prompt', reason });
}

function refuseSeveral(n: VideoBody['n']): void {
  if (n == null || Number(n) === 1) return;
  throw new GatewayError('unsupported', "Unsupported 'n': one video is made per request.", { param: 'n' });
}

/** Labels are text; what some clients put there beside is kept as its JSON. */
function decodeMetadata(metadata: VideoBody['metadata']): Record<string, string> | undefined {
  if (metadata == null) return undefined;
  const entries = Object.entries(metadata);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function extraFields(body: unknown): JsonObject {
  const extras: Record<string, Json> = {};
  for (const [name, value] of Object.entries(body as Record<string, Json | UploadedFile>)) {
    if (Object.hasOwn(videoSchema.shape, name) || value instanceof UploadedFile || value === null) continue;
    extras[name] = value;
  }
  return extras;
}
