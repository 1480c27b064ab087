import type { ChatPart } from '@sluice/contracts/chat-part';
import type { JsonObject } from '@sluice/contracts/json';

/** A picture in an answer, as OpenRouter and its like put it in `images`: this dialect itself has no place for one. */
export function encodeImage({ mediaType, base64, signature }: Extract<ChatPart, { type: 'image' }>): JsonObject {
  const url = `data:${mediaType};base64,${base64}`;
  return { type: 'image_url', image_url: { url }, ...(signature !== undefined && { signature }) };
}
