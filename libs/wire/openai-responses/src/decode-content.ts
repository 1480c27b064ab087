import type { FileContent, ImageContent, MediaSource, TextContent, UserContent } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { present } from '@sluice/contracts/present';
import type { WireFilePart, WireImagePart, WireTextPart, WireUserPart } from './item-schema.js';

export function decodeUserContent(content: string | readonly WireUserPart[], field: string): UserContent[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part, index) => decodePart(part, `${field}[${index}]`));
}

export function decodeTexts(content: string | readonly WireTextPart[]): TextContent[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content.map(decodeText);
}

export function decodeText({ text, prompt_cache_breakpoint: cacheBreakpoint }: WireTextPart): TextContent {
  return cacheBreakpoint == null ? { type: 'text', text } : { type: 'text', text, cacheBreakpoint };
}

function decodePart(part: WireUserPart, field: string): UserContent {
  if (part.type === 'input_image') return decodeImage(part, field);
  if (part.type === 'input_file') return decodeFile(part, field);
  if (part.type !== 'input_audio') return decodeText(part);
  const { data, format } = part.input_audio;
  return {
    type: 'audio',
    source: { type: 'data', mediaType: format === 'mp3' ? 'audio/mpeg' : 'audio/wav', base64: data },
    format,
    ...present({ cacheBreakpoint: part.prompt_cache_breakpoint }),
  };
}

function decodeImage(part: WireImagePart, field: string): ImageContent {
  const options = present({ detail: part.detail, cacheBreakpoint: part.prompt_cache_breakpoint });
  if (part.image_url != null) {
    return { type: 'image', source: decodeUrl(part.image_url, `${field}.image_url`), ...options };
  }
  if (part.file_id != null) return { type: 'image', source: { type: 'file', fileId: part.file_id }, ...options };
  throw missing(field, "one of 'image_url' and 'file_id' is needed");
}

function decodeFile(part: WireFilePart, field: string): FileContent {
  const { filename } = part;
  return {
    type: 'file',
    source: decodeFileSource(part, field),
    ...present({ filename, cacheBreakpoint: part.prompt_cache_breakpoint }),
  };
}

function decodeFileSource(part: WireFilePart, field: string): MediaSource {
  if (part.file_id != null) return { type: 'file', fileId: part.file_id };
  if (part.file_url != null) return decodeUrl(part.file_url, `${field}.file_url`);
  if (part.file_data == null) throw missing(field, "one of 'file_id', 'file_data' and 'file_url' is needed");
  if (part.file_data.startsWith('data:')) return decodeDataUrl(part.file_data, `${field}.file_data`);
  const isPdf = part.filename?.toLowerCase().endsWith('.pdf') ?? true;
  return { type: 'data', mediaType: isPdf ? 'application/pdf' : 'application/octet-stream', base64: part.file_data };
}

function decodeUrl(url: string, param: string): MediaSource {
  if (url.startsWith('data:')) return decodeDataUrl(url, param);
  if (/^https?:\/\/./i.test(url.slice(0, 16))) return { type: 'url', url };
  throw invalid(param, 'expected an http or https URL, or a base64 data URL');
}

const MAXIMUM_HEADER_LENGTH = 256;

/** The payload is a slice of the body's string, not a copy. */
function decodeDataUrl(url: string, param: string): MediaSource {
  const comma = url.slice(0, MAXIMUM_HEADER_LENGTH).indexOf(',');
  const header = comma === -1 ? '' : url.slice('data:'.length, comma);
  if (!/;base64$/i.test(header)) throw invalid(param, 'expected a data URL in base64');
  const mediaType = header.split(';')[0] ?? '';
  return {
    type: 'data',
    mediaType: mediaType === '' ? 'application/octet-stream' : mediaType.toLowerCase(),
    base64: url.slice(comma + 1),
  };
}

function invalid(param: string, text: string): GatewayError {
  const message = `Invalid value for '${param}': ${text}.`;
  return new GatewayError('invalid_request', message, { param, reason: 'invalid_value' });
}

function missing(param: string, text: string): GatewayError {
  const message = `Invalid value for '${param}': ${text}.`;
  return new GatewayError('invalid_request', message, { param, reason: 'missing_required_parameter' });
}
