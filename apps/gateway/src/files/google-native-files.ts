import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { InlineFile } from './named-files.js';

type Files = ReadonlyMap<string, InlineFile>;

/** A body of `generateContent` with the files in place of their names; whatever else it says stays as it is. */
export function putGoogleFiles(body: JsonObject, files: Files): JsonObject {
  const changed: JsonObject = { ...body };
  for (const field of ['contents', 'systemInstruction', 'system_instruction'])
    if (changed[field] !== undefined) changed[field] = each(changed[field], (content) => inContent(content, files));
  return changed;
}

function inContent(content: JsonObject, files: Files): JsonObject {
  return content['parts'] === undefined
    ? content
    : { ...content, parts: each(content['parts'], (part) => inPart(part, files)) };
}

function inPart(part: JsonObject, files: Files): JsonObject {
  const { fileData, file_data: spelled, ...others } = part;
  const named = fileData ?? spelled;
  if (!isJsonObject(named)) return part;
  const file = files.get(String(named['fileUri'] ?? named['file_uri']));
  if (!file) return part;
  const told = named['mimeType'] ?? named['mime_type'];
  return { ...others, inlineData: { mimeType: told ?? file.mediaType, data: file.base64 } };
}

/** Google takes one where a list is meant. */
function each(value: Json, change: (one: JsonObject) => JsonObject): Json {
  if (Array.isArray(value)) return value.map((one) => (isJsonObject(one) ? change(one) : one));
  return isJsonObject(value) ? change(value) : value;
}
