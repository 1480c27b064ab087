import type { AudioContent, FileContent, ImageContent, MediaSource } from '@sluice/contracts/chat';
import type { WireBlob, WirePart } from './part-schema.js';
import { present } from '@sluice/contracts/present';

type Media = AudioContent | FileContent | ImageContent;

/** The payload stays the body's own string. */
export function decodeBlob({ mimeType, data }: WireBlob): Media {
  const mediaType = mimeType.toLowerCase();
  return decode({ type: 'data', mediaType, base64: fromUrlAlphabet(data) }, mediaType);
}

export function decodeFile({ mimeType, fileUri }: NonNullable<WirePart['fileData']>): Media {
  const mediaType = present({ mediaType: mimeType?.toLowerCase() });
  const source: MediaSource = /^https?:\/\//i.test(fileUri)
    ? { type: 'url', url: fileUri, ...mediaType }
    : { type: 'file', fileId: fileUri, ...mediaType };
  return decode(source, mimeType?.toLowerCase() ?? '');
}

function decode(source: MediaSource, mediaType: string): Media {
  if (mediaType.startsWith('image/')) return { type: 'image', source };
  // Only bytes have a format that can be told.
  if (mediaType.startsWith('audio/') && source.type === 'data')
    return { type: 'audio', source, format: audioFormat(mediaType) };
  return { type: 'file', source };
}

function audioFormat(mediaType: string): string {
  const subtype = mediaType.slice('audio/'.length).split(';')[0] ?? '';
  return FORMATS.get(subtype) ?? subtype;
}

const FORMATS = new Map(Object.entries<string>({ mpeg: 'mp3', 'x-wav': 'wav', wave: 'wav', 'x-m4a': 'm4a' }));

/** Google's JSON takes both alphabets of base64; others only the first. */
function fromUrlAlphabet(data: string): string {
  return data.includes('-') || data.includes('_') ? data.replaceAll('-', '+').replaceAll('_', '/') : data;
}
