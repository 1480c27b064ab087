import type { ChatRequest, Message } from '@sluice/contracts/chat';
import type { JsonObject } from '@sluice/contracts/json';
import { replaceFiles } from '@sluice/wire-gemini-generate/replace-files';

type Content = Message['content'][number];
type Uris = ReadonlyMap<string, string>;

/** The same conversation with files named by where they lie. */
export function nameFiles(request: ChatRequest, uris: Uris): ChatRequest {
  const messages = request.messages.map(
    // Each part stays of its type, which its role may have.
    (message) => ({ ...message, content: message.content.map((part) => named(part, uris)) }) as Message,
  );
  return { ...request, messages };
}

/** The same body of the client's. */
export function nameNativeFiles(body: JsonObject, uris: Uris): JsonObject {
  return replaceFiles(body, ({ fileUri: id, mimeType }) => {
    const fileUri = uris.get(id);
    return fileUri === undefined ? undefined : { fileData: { ...(mimeType !== undefined && { mimeType }), fileUri } };
  });
}

function named(part: Content, uris: Uris): Content {
  if (!('source' in part) || part.source.type !== 'file') return part;
  const { fileId, mediaType } = part.source;
  const url = uris.get(fileId);
  return url === undefined ? part : { ...part, source: { type: 'url', url, ...(mediaType && { mediaType }) } };
}
