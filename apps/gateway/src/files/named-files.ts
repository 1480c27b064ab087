import type { ChatRequest, MediaSource, Message } from '@sluice/contracts/chat';

type Content = Message['content'][number];
type Sourced = Extract<Content, { source: MediaSource }>;
type Picturable = Extract<Sourced, { type: 'image' | 'file' }>;

/** A file as it goes into a request. */
export interface InlineFile {
  mediaType: string;
  base64: string;
  filename?: string | undefined;
}

/** A file as it is told of beside a request that it does not fit into. */
export interface FileReference {
  mediaType: string;
  id: string;
  filename?: string | undefined;
}

export type FileInRequest = InlineFile | FileReference;

/** What the parts of a conversation name that `isName` knows, each once. */
export function namesIn(
  { messages }: Pick<ChatRequest, 'messages'>,
  isName: (text: string, type: Content['type']) => boolean,
): Set<string> {
  const names = new Set<string>();
  for (const { content } of messages) {
    for (const part of content) {
      const name = nameOf(part);
      if (name !== undefined && isName(name, part.type)) names.add(name);
    }
  }
  return names;
}

/** The same messages with the files in place of their names. */
export function putFiles(messages: readonly Message[], files: ReadonlyMap<string, FileInRequest>): Message[] {
  // Each part becomes one that its role may have as well: a file or a picture.
  return messages.map(
    (message) => ({ ...message, content: message.content.map((part) => put(part, files)) }) as Message,
  );
}

export function isPicture({ mediaType }: Pick<FileInRequest, 'mediaType'>): boolean {
  return mediaType.startsWith('image/');
}

/** Undefined for a part that carries what it is about. */
function nameOf(part: Content): string | undefined {
  if (part.type !== 'image' && part.type !== 'file') return undefined;
  const { source } = part;
  if (source.type === 'file') return source.fileId;
  return source.type === 'url' ? source.url : undefined;
}

function put(part: Content, files: ReadonlyMap<string, FileInRequest>): Content {
  const name = nameOf(part);
  const file = name === undefined ? undefined : files.get(name);
  return file ? filled(part as Picturable, file) : part;
}

/** A picture is a picture, also where it was named as a file. */
function filled(part: Picturable, file: FileInRequest): Picturable {
  const { mediaType, filename } = file;
  const source = sourceOf(file);
  if (part.type === 'image') return { ...part, source };
  const { cacheBreakpoint } = part;
  if (isPicture({ mediaType })) return { type: 'image', source, ...(cacheBreakpoint && { cacheBreakpoint }) };
  const name = part.filename ?? filename;
  return { ...part, source, ...(name !== undefined && { filename: name }) };
}

function sourceOf(file: FileInRequest): MediaSource {
  const { mediaType } = file;
  if ('id' in file) return { type: 'file', fileId: file.id, mediaType };
  return { type: 'data', mediaType, base64: file.base64 };
}
