import type { AudioContent, FileContent, ImageContent } from '@sluice/contracts/chat';
import type { JsonObject } from '@sluice/contracts/json';

/** Bytes go inline; an address or a file's name goes as it is. */
export function encodeMedia({ source }: ImageContent | AudioContent | FileContent): JsonObject {
  if (source.type === 'data') return { inlineData: { mimeType: mediaTypeOf(source.mediaType), data: source.base64 } };
  const fileUri = source.type === 'url' ? source.url : source.fileId;
  return { fileData: { mimeType: source.mediaType, fileUri } };
}

/** A name that is met, and not registered. */
function mediaTypeOf(mediaType: string): string {
  return mediaType === 'image/jpg' ? 'image/jpeg' : mediaType;
}
