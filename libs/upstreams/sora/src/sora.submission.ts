import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import type { VideoReference, VideoRequest, VideoSource } from '@sluice/contracts/video';
import type { FormFile } from './sora.multipart.js';
import { idIn } from './sora.operation.js';
import { pathOf } from './sora.request.js';
import { sizeFor } from './sora.size.js';

const MOST_CHARACTERS = 2;

/** What is posted for a video, before it is a form or JSON. */
export interface Submission {
  path: string;
  fields: JsonObject;
  files: FormFile[];
}

export function toSubmission(request: VideoRequest, model: string): Submission {
  const { source } = request;
  if (source !== undefined) return toDerived(request, source);
  return {
    path: '/videos',
    fields: { model, ...promptOf(request), ...shapeOf(request), ...extra(request) },
    files: filesOf(request.references ?? []),
  };
}

/** What starts from another video says no model: it runs on that video's. */
function toDerived(request: VideoRequest, source: VideoSource): Submission {
  const prompt = promptOf(request);
  const id = source.operation === undefined ? undefined : idIn(source.operation);
  const { relation } = source;
  if (relation === 'remix') {
    if (id === undefined) throw noSource(relation);
    return { path: `${pathOf(id)}/remix`, fields: { ...prompt, ...extra(request) }, files: [] };
  }
  const fields = { ...prompt, ...(relation === 'extension' ? shapeOf(request) : {}), ...extra(request) };
  const path = relation === 'edit' ? '/videos/edits' : '/videos/extensions';
  if (id !== undefined) return { path, fields: { ...fields, video: { id } }, files: [] };
  if (source.media === undefined) throw noSource(relation);
  return { path, fields, files: [{ name: 'video', media: source.media }] };
}

/** A picture may stand alone. */
function promptOf({ prompt }: VideoRequest): JsonObject {
  return prompt === '' ? {} : { prompt };
}

/** `seconds` is a text in this protocol, and vendors have refused a number. */
function shapeOf(request: VideoRequest): JsonObject {
  const { durationSeconds, aspectRatio, resolution } = request;
  const size = sizeFor(request);
  return {
    ...(durationSeconds !== undefined && { seconds: String(durationSeconds) }),
    ...(size !== undefined && { size }),
    ...(request.size === undefined && aspectRatio !== undefined && { aspect_ratio: aspectRatio }),
    ...(request.size === undefined && resolution !== undefined && { resolution }),
  };
}

function extra({ providerOptions, characters = [] }: VideoRequest): JsonObject {
  const told = providerOptions?.['sora'] ?? {};
  if (characters.length === 0) return told;
  const { characters: named } = told;
  const ours = characters.map(({ operation }) => ({ id: idIn(operation) ?? '' }));
  const all: Json[] = [...ours, ...(Array.isArray(named) ? named : [])];
  if (all.length <= MOST_CHARACTERS) return { ...told, characters: all };
  const message = `At most ${MOST_CHARACTERS} characters appear in a video of this vendor.`;
  throw new GatewayError('unsupported', message, { saw: 'nothing', param: 'characters' });
}

/** The protocol knows one picture; the names of the others are those that most vendors took up. */
function filesOf(references: readonly VideoReference[]): FormFile[] {
  const hasFirst = references.some(({ role }) => role === 'first-frame');
  const plain = references.filter(({ role }) => role === 'reference').length;
  return references.map(({ role, media }) => {
    if (role === 'last-frame') return { name: 'last_frame', media };
    const isOnly = role === 'first-frame' || (!hasFirst && plain === 1);
    return { name: isOnly ? 'input_reference' : 'reference_images[]', media };
  });
}

function noSource(relation: VideoSource['relation']): GatewayError {
  const message = `The ${relation} names a video that this upstream did not make: it cannot be started from.`;
  return new GatewayError('unsupported', message, { saw: 'nothing', param: 'video' });
}

/** A form's fields are texts. */
export function formFields(fields: JsonObject): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    if (name === 'video' && isNamed(value)) texts['video[id]'] = value.id;
    else texts[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return texts;
}

function isNamed(value: Json): value is { id: string } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
