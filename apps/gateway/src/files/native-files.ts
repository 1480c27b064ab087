import type { NativeBody } from '@sluice/contracts/generation';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { putGoogleFiles } from './google-native-files.js';
import { type FileInRequest, type InlineFile, isPicture } from './named-files.js';

type Files = ReadonlyMap<string, FileInRequest>;

/** The client's own body with the files in place of their names, for an upstream that speaks its dialect. */
export function putNativeFiles(native: NativeBody, files: Files): NativeBody {
  if (native.dialect === 'gemini-generate') return { ...native, body: putGoogleFiles(native.body, files) };
  // Nobody who takes files beside a request speaks another dialect than Google's.
  const inline = inlineOnly(files);
  const { messages } = native.body;
  if (native.dialect !== 'openai-chat' || !Array.isArray(messages)) return native;
  return { ...native, body: { ...native.body, messages: messages.map((message) => inMessage(message, inline)) } };
}

function inlineOnly(files: Files): ReadonlyMap<string, InlineFile> {
  return new Map([...files].flatMap(([name, file]) => ('base64' in file ? [[name, file] as const] : [])));
}

function inMessage(message: Json, files: ReadonlyMap<string, InlineFile>): Json {
  if (!isJsonObject(message) || !Array.isArray(message['content'])) return message;
  return { ...message, content: message['content'].map((part) => (isJsonObject(part) ? inPart(part, files) : part)) };
}

function inPart(part: JsonObject, files: ReadonlyMap<string, InlineFile>): JsonObject {
  const { file: named, image_url: picture } = part;
  if (isJsonObject(named)) {
    const file = files.get(String(named['file_id']));
    return file ? { ...part, ...filled(file, named) } : part;
  }
  const file = isJsonObject(picture) ? files.get(String(picture['url'])) : undefined;
  return file && isJsonObject(picture) ? { ...part, image_url: { ...picture, url: dataUrl(file) } } : part;
}

function filled(file: InlineFile, { filename }: JsonObject): JsonObject {
  if (isPicture(file)) return { type: 'image_url', image_url: { url: dataUrl(file) }, file: undefined };
  return { file: { filename: filename ?? file.filename, file_data: dataUrl(file) } };
}

function dataUrl({ mediaType, base64 }: InlineFile): string {
  return `data:${mediaType};base64,${base64}`;
}
