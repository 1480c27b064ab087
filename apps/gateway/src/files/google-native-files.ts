import type { JsonObject } from '@sluice/contracts/json';
import { replaceFiles } from '@sluice/wire-gemini-generate/replace-files';
import type { FileInRequest } from './named-files.js';

/** A body of `generateContent` with the files in place of their names; what it does not carry is named by our own id. */
export function putGoogleFiles(body: JsonObject, files: ReadonlyMap<string, FileInRequest>): JsonObject {
  return replaceFiles(body, ({ fileUri, mimeType: told }) => {
    const file = files.get(fileUri);
    if (!file) return undefined;
    const mimeType = told ?? file.mediaType;
    return 'id' in file
      ? { fileData: { mimeType, fileUri: file.id } }
      : { inlineData: { mimeType, data: file.base64 } };
  });
}
