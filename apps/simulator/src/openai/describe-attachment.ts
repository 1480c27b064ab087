import type { ChatMessage } from './chat-request.js';

type Part = Exclude<ChatMessage['content'], string | null | undefined>[number];

/** Says what was received: media type and size, or where it lies. Text parts give nothing. */
export function describeAttachment(part: Part): string[] {
  if (part.image_url !== undefined) return [`[image ${describeUrl(part.image_url.url)}]`];
  if (part.input_audio !== undefined)
    return [`[audio ${part.input_audio.format} ${base64Bytes(part.input_audio.data)} bytes]`];
  if (part.file !== undefined)
    return [`[file ${part.file.filename ?? ''} ${describeUrl(part.file.file_data ?? part.file.file_id ?? '')}]`];
  return [];
}

function describeUrl(url: string): string {
  if (!url.startsWith('data:')) return `at ${url}`;
  const comma = url.indexOf(',');
  const [mediaType = ''] = url.slice('data:'.length, comma).split(';');
  return `${mediaType} ${base64Bytes(url.slice(comma + 1))} bytes`;
}

function base64Bytes(text: string): number {
  return Buffer.byteLength(text, 'base64');
}
