import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** A file as a part names it. */
export interface FileData {
  fileUri: string;
  mimeType: string | undefined;
}

/**
 * A body of `generateContent` with other data in place of the files that `replace` answers for; whatever else it says stays
 * as it is.
 */
export function replaceFiles(body: JsonObject, replace: (file: FileData) => JsonObject | undefined): JsonObject {
  const changed: JsonObject = { ...body };
  for (const field of ['contents', 'systemInstruction', 'system_instruction'])
    if (changed[field] !== undefined) changed[field] = each(changed[field], (content) => inContent(content, replace));
  return changed;
}

type Replace = Parameters<typeof replaceFiles>[1];

function inContent(content: JsonObject, replace: Replace): JsonObject {
  return content['parts'] === undefined
    ? content
    : { ...content, parts: each(content['parts'], (part) => inPart(part, replace)) };
}

function inPart(part: JsonObject, replace: Replace): JsonObject {
  const { fileData, file_data: spelled, ...others } = part;
  const named = fileData ?? spelled;
  if (!isJsonObject(named)) return part;
  const told = named['mimeType'] ?? named['mime_type'];
  const data = replace({
    fileUri: String(named['fileUri'] ?? named['file_uri']),
    mimeType: typeof told === 'string' ? told : undefined,
  });
  return data === undefined ? part : { ...others, ...data };
}

/** Google takes one where a list is meant. */
function each(value: Json, change: (one: JsonObject) => JsonObject): Json {
  if (Array.isArray(value)) return value.map((one) => (isJsonObject(one) ? change(one) : one));
  return isJsonObject(value) ? change(value) : value;
}
