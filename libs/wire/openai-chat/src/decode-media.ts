import type { AudioContent, FileContent, ImageContent, MediaSource } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { present } from '@sluice/contracts/present';
import type { WireUserPart } from './message-schema.js';

type WirePart<Type extends WireUserPart['type']> = Extract<WireUserPart, { type: Type }>;

export function decodeImage(part: WirePart<'image_url'>, field: string): ImageContent {
  const { url, detail } = part.image_url;
  return {
    type: 'image',
    source: decodeUrl(url, `${field}.image_url.url`),
    ...present({ detail, cacheBreakpoint: part.prompt_cache_breakpoint }),
  };
}

export function decodeAudio(part: WirePart<'input_audio'>): AudioContent {
  const { data, format } = part.input_audio;
  return {
    type: 'audio',
    source: { type: 'data', mediaType: AUDIO_TYPES[format], base64: data },
    format,
    ...present({ cacheBreakpoint: part.prompt_cache_breakpoint }),
  };
}

const AUDIO_TYPES: Readonly<Record<WirePart<'input_audio'>['input_audio']['format'], string>> = {
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  aac: 'audio/aac',
  aiff: 'audio/aiff',
  flac: 'audio/flac',
  m4a: 'audio/m4a',
  ogg: 'audio/ogg',
  opus: 'audio/opus',
  pcm16: 'audio/L16;rate=24000',
  webm: 'audio/webm',
};

/** A film is a file of its type: the internal form has no other word for it. */
export function decodeVideoUrl(part: WirePart<'video_url'>, field: string): FileContent {
  const source = decodeUrl(part.video_url.url, `${field}.video_url.url`);
  return { type: 'file', source, ...present({ cacheBreakpoint: part.prompt_cache_breakpoint }) };
}

const VIDEO_TYPES: Readonly<Record<WirePart<'input_video'>['input_video']['format'], string>> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  avi: 'video/avi',
  webm: 'video/webm',
};

export function decodeVideo(part: WirePart<'input_video'>): FileContent {
  const { data, format } = part.input_video;
  return {
    type: 'file',
    source: { type: 'data', mediaType: VIDEO_TYPES[format], base64: data },
    ...present({ cacheBreakpoint: part.prompt_cache_breakpoint }),
  };
}

export function decodeFile(part: WirePart<'file'>, field: string): FileContent {
  const { filename } = part.file;
  return {
    type: 'file',
    source: decodeFileSource(part.file, field),
    ...present({ filename, cacheBreakpoint: part.prompt_cache_breakpoint }),
  };
}

function decodeFileSource(file: WirePart<'file'>['file'], field: string): MediaSource {
  if (file.file_id != null) return { type: 'file', fileId: file.file_id };
  if (file.file_data == null) {
    const text = "one of 'file_id' and 'file_data' is needed";
    throw refusal({ param: `${field}.file`, text, reason: 'missing_required_parameter' });
  }
  if (file.file_data.startsWith('data:')) return decodeDataUrl(file.file_data, `${field}.file.file_data`);
  const isPdf = file.filename?.toLowerCase().endsWith('.pdf') ?? true;
  return { type: 'data', mediaType: isPdf ? 'application/pdf' : 'application/octet-stream', base64: file.file_data };
}

function decodeUrl(url: string, field: string): MediaSource {
  if (url.startsWith('data:')) return decodeDataUrl(url, field);
  if (/^https?:\/\/./i.test(url.slice(0, 16))) return { type: 'url', url };
  throw refusal({
    param: field,
    text: 'expected an http or https URL, or a base64 data URL',
    reason: 'invalid_image_url',
  });
}

const MAXIMUM_HEADER_LENGTH = 256;

/** The payload is a slice of the body's string, not a copy. */
function decodeDataUrl(url: string, field: string): MediaSource {
  const comma = url.slice(0, MAXIMUM_HEADER_LENGTH).indexOf(',');
  const header = comma === -1 ? '' : url.slice('data:'.length, comma);
  if (!/;base64$/i.test(header))
    throw refusal({ param: field, text: 'expected a data URL in base64', reason: 'invalid_value' });
  const mediaType = header.split(';')[0] ?? '';
  return {
    type: 'data',
    mediaType: mediaType === '' ? 'application/octet-stream' : mediaType.toLowerCase(),
    base64: url.slice(comma + 1),
  };
}

function refusal({ param, text, reason }: { param: string; text: string; reason: string }): GatewayError {
  return new GatewayError('invalid_request', `Invalid value for '${param}': ${text}.`, { param, reason });
}
