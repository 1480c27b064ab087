import type { AudioContent, FileContent, ImageContent } from '@sluice/contracts/chat';
import type { JsonObject } from '@sluice/contracts/json';
import { mediaTypeFor } from './media-type.js';

type Media = ImageContent | AudioContent | FileContent;

/** Bytes go inline; an address or a file's name goes as it is. */
export function encodeMedia(media: Media): JsonObject {
  const { source } = media;
  const filename = media.type === 'file' ? media.filename : undefined;
  if (source.type === 'data')
    return { inlineData: { mimeType: mediaTypeFor(source.mediaType, filename), data: source.base64 } };
  const fileUri = source.type === 'url' ? source.url : source.fileId;
  return { fileData: { mimeType: mediaTypeFor(source.mediaType, filename ?? pathOf(fileUri)), fileUri } };
}

/** A page of videos has no ending; Google finds out by itself what it is. */
function pathOf(uri: string): string {
  return uri.split(/[?#]/, 1)[0] ?? '';
}
