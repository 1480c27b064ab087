import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { VideoReference, VideoRequest, VideoSource } from '@sluice/contracts/video';
import { abilitiesOf, type VeoAbilities } from './veo-abilities.js';
import { readOperation } from './veo-operation.js';
import { shapeOf } from './veo-shape.js';

/** All pictures of a request go through its body, which the API bounds. */
const MOST_PICTURE_BYTES = 64 * 1024 * 1024;

interface Ways {
  model: string;
  nowMs: number;
  readMedia(media: StoredMedia): AsyncIterable<Uint8Array>;
}

/** The body of `predictLongRunning`. Throws before anything is sent where the model cannot do what is asked. */
export async function toSubmission(request: VideoRequest, ways: Ways): Promise<JsonObject> {
  const abilities = abilitiesOf(ways.model);
  const { references = [], source, prompt } = request;
  // What it cannot do at all comes before how long that would be.
  const video = source && sourceOf(source, { abilities, nowMs: ways.nowMs });
  const shape = shapeOf(request, abilities);
  checkReferences(references, abilities);
  const { sampleCount = 1, ...options } = request.providerOptions?.['gemini'] ?? {};
  if (sampleCount !== 1) throw refusal('sampleCount', 'one video is made per request');
  const instance = {
    ...(prompt !== '' && { prompt }),
    ...(await picturesOf(references, ways)),
    ...(video && { video }),
  };
  return { instances: [instance], parameters: { sampleCount, ...options, ...shape } };
}

function checkReferences(references: readonly VideoReference[], abilities: VeoAbilities): void {
  const counted = (role: VideoReference['role']): number => references.filter((each) => each.role === role).length;
  const { mostReferences, takesLastFrame } = abilities;
  if (counted('reference') > mostReferences) {
    const can = mostReferences === 0 ? 'no reference pictures' : `at most ${mostReferences} reference pictures`;
    throw refusal('references', `this model takes ${can}`);
  }
  if (counted('last-frame') > 0 && !takesLastFrame)
    throw refusal('references', 'this model takes no last frame, only a first one');
  const bytes = references.reduce((sum, { media }) => sum + media.bytes, 0);
  if (bytes > MOST_PICTURE_BYTES)
    throw new GatewayError('too_large', `The pictures of one video may be ${MOST_PICTURE_BYTES} bytes together.`, {
      param: 'references',
      saw: 'nothing',
    });
}

/** Only what Veo made, in the same project, and while the file is there. */
function sourceOf(source: VideoSource, { abilities, nowMs }: { abilities: VeoAbilities; nowMs: number }): JsonObject {
  if (source.relation !== 'extension')
    throw new GatewayError('unsupported', `Veo knows no ${source.relation} of a video; it can extend one.`, {
      saw: 'nothing',
      param: 'source',
    });
  if (!abilities.extends) throw refusal('source', 'this model cannot extend a video');
  const file = source.operation && readOperation(source.operation).file;
  if (file === undefined) throw refusal('source', 'Veo did not make this video, and extends its own only');
  if (file.expiresAtMs <= nowMs) throw refusal('source', 'Google has dropped this video, as it does after two days');
  return { uri: file.uri };
}

async function picturesOf(references: readonly VideoReference[], { readMedia }: Ways): Promise<JsonObject> {
  const fields: JsonObject = {};
  const pictures: JsonObject[] = [];
  for (const { role, media } of references) {
    const image = { bytesBase64Encoded: await base64Of(readMedia(media)), mimeType: media.mediaType };
    if (role === 'first-frame') fields['image'] = image;
    else if (role === 'last-frame') fields['lastFrame'] = image;
    else pictures.push({ image, referenceType: 'asset' });
  }
  return pictures.length === 0 ? fields : { ...fields, referenceImages: pictures };
}

async function base64Of(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('base64');
}

function refusal(param: string, why: string): GatewayError {
  // Another target may be able to.
  return new GatewayError('unsupported', `Invalid '${param}': ${why}.`, { param, saw: 'nothing' });
}
