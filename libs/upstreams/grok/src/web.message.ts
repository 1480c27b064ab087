import type { AssistantContent, ChatRequest, MediaSource, Message, UserContent } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { describeTools, writeCall, writeResult } from '@sluice/upstream-kit/spoken-tools';

export interface WebMessage {
  text: string;
  /** What has to lie in the account before the message can name it, in order. */
  attachments: WebAttachment[];
}

export interface WebAttachment {
  source: MediaSource;
  name: string;
}

/**
 * The site knows one message, not a conversation: what was said before stands in it with who said it, and what the user says last
 * stands bare at the end.
 */
export function toWebMessage(request: Pick<ChatRequest, 'messages' | 'tools' | 'toolChoice'>): WebMessage {
  const { messages } = request;
  const attachments: WebAttachment[] = [];
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const paragraphs = messages.map((message, index) => {
    const text = textOf(message, attachments);
    if (text === '') return '';
    return index === last && index === messages.length - 1 ? text : `${speakerOf(message)}: ${text}`;
  });
  const said = paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
  if (said === '' && attachments.length === 0)
    throw new GatewayError('invalid_request', 'There is nothing to answer: all messages are empty.', {
      saw: 'nothing',
      param: 'messages',
    });
  const tools = describeTools(request);
  return { text: tools === '' ? said : `system: ${tools}\n\n${said}`, attachments };
}

function speakerOf({ role }: Message): string {
  return role === 'developer' ? 'system' : role;
}

function textOf(message: Message, attachments: WebAttachment[]): string {
  const texts: string[] = [];
  for (const part of message.content) {
    const text = partText(part, attachments);
    if (text !== '') texts.push(text);
  }
  const text = texts.join('\n');
  return message.role === 'tool' ? writeResult(message.toolCallId, text) : text;
}

function partText(part: UserContent | AssistantContent, attachments: WebAttachment[]): string {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text;
    case 'tool-call':
      return writeCall(part);
    case 'image':
      attachments.push({ source: part.source, name: `image-${attachments.length + 1}` });
      return '';
    case 'audio':
      attachments.push({ source: part.source, name: `audio-${attachments.length + 1}.${part.format}` });
      return '';
    case 'file':
      attachments.push({ source: part.source, name: part.filename ?? `file-${attachments.length + 1}` });
      return '';
    default:
      return '';
  }
}
