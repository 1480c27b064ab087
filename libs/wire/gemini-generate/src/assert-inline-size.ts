import type { ChatRequest } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';

const MEBIBYTE = 1024 * 1024;
/** Of a whole request, as Google has taken them since January 2026. */
const MOST_BYTES = 100 * MEBIBYTE;

/** Refuses what Google would, before it is sent: the part is named with which it becomes too much. */
export function assertInlineSize({ messages }: Pick<ChatRequest, 'messages'>, mostBytes = MOST_BYTES): void {
  let bytes = 0;
  messages.forEach(({ content }, position) =>
    content.forEach((part, index) => {
      if (!('source' in part) || part.source.type !== 'data') return;
      bytes += part.source.base64.length;
      if (bytes > mostBytes) throw tooLarge(`messages[${position}].content[${index}]`, mostBytes);
    }),
  );
}

function tooLarge(param: string, mostBytes: number): GatewayError {
  const message = `${param}: with it the pictures, sounds and files of the request are more than ${mostBytes} bytes in base64. Upload the file with the Gemini Files API and name its URI instead.`;
  return new GatewayError('too_large', message, { param, saw: 'nothing' });
}
