import type { Message } from '@sluice/contracts/chat';

const NAMES: Readonly<Record<string, string>> = { image: 'an image', audio: 'a recording', file: 'a file' };

/** Messages of which only words are kept; says where something was. */
export function stripMedia(messages: readonly Message[]): Message[] {
  return messages.map((message) => {
    const content = (message.content as readonly { type: string }[]).map((part) =>
      part.type in NAMES ? { type: 'text', text: `[${NAMES[part.type]} that is not kept]` } : part,
    );
    return { ...message, content } as Message;
  });
}
