import type { FileContent, ImageContent, MediaSource, TextContent } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { WireDocumentBlock, WireImageBlock, WireSearchResultBlock, WireTextBlock } from './block-schema.js';
import type { IgnoredFields } from './ignored-fields.js';
import { present } from '@sluice/contracts/present';

type Content = TextContent | ImageContent | FileContent;

/** Where a block stands, and where what is not acted on is noted. */
export interface Place {
  field: string;
  ignored: IgnoredFields;
}

export function decodeText({ text, cache_control: cacheBreakpoint }: WireTextBlock): TextContent {
  return cacheBreakpoint == null ? { type: 'text', text } : { type: 'text', text, cacheBreakpoint };
}

export function decodeImage(block: WireImageBlock, { field, ignored }: Place): ImageContent {
  ignored.note('messages[].content[].transformations', block.transformations);
  const { source, cache_control: cacheBreakpoint } = block;
  return { type: 'image', source: decodeSource(source, field), ...present({ cacheBreakpoint }) };
}

/** What is text goes on as text, which every model reads; the rest is a file. What is told about it stands before it. */
export function decodeDocument(block: WireDocumentBlock, place: Place): Content[] {
  const { source, title, context, cache_control: cacheBreakpoint } = block;
  place.ignored.note('messages[].content[].citations', block.citations);
  const cache = present({ cacheBreakpoint });
  if (source.type === 'text') return [{ type: 'text', text: framed({ title, context, text: source.data }), ...cache }];
  if (source.type === 'content') return [...aside({ title, context }), ...decodeContentSource(source, place)];
  const file: FileContent = {
    type: 'file',
    source: decodeSource(source, place.field),
    ...present({ filename: title }),
    ...cache,
  };
  return [...aside({ context }), file];
}

export function decodeSearchResult(block: WireSearchResultBlock, { ignored }: Place): TextContent {
  ignored.note('messages[].content[].citations', block.citations);
  const { title, source, content, cache_control: cacheBreakpoint } = block;
  const body = content.map(({ text }) => text).join('\n');
  return { type: 'text', text: `[search result] ${title}\n${source}\n\n${body}`, ...present({ cacheBreakpoint }) };
}

type ContentSource = Extract<WireDocumentBlock['source'], { type: 'content' }>;
type PlainSource = WireImageBlock['source'];

function decodeContentSource({ content }: ContentSource, place: Place): Content[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((block) => (block.type === 'text' ? decodeText(block) : decodeImage(block, place)));
}

/** The payload stays the body's own string. */
function decodeSource(source: PlainSource, field: string): MediaSource {
  if (source.type === 'file') return { type: 'file', fileId: source.file_id };
  if (source.type === 'base64') {
    return { type: 'data', mediaType: source.media_type.toLowerCase(), base64: source.data };
  }
  if (/^https?:\/\/./i.test(source.url.slice(0, 16))) return { type: 'url', url: source.url };
  const param = `${field}.source.url`;
  throw new GatewayError('invalid_request', `Invalid value for '${param}': expected an http or https URL.`, { param });
}

interface About {
  title?: string | null | undefined;
  context?: string | null | undefined;
}

function aside(about: About): TextContent[] {
  const text = headOf(about);
  return text === '' ? [] : [{ type: 'text', text }];
}

function framed({ text, ...about }: About & { text: string }): string {
  const head = headOf(about);
  return head === '' ? text : `${head}\n\n${text}`;
}

function headOf({ title, context }: About): string {
  return [title && `[document] ${title}`, context].filter(Boolean).join('\n');
}
