import type { Content, Part } from './generate-request.js';

/** What the simulator reads out of the contents. */
export interface Conversation {
  /** The text of the last turn in which the user asked something, markers included. */
  readonly prompt: string;
  /** One line for each image, sound or file in it. */
  readonly attachments: readonly string[];
  /** The results of calls given after it. */
  readonly toolResults: readonly string[];
}

export function readConversation(contents: readonly Content[]): Conversation {
  const position = contents.findLastIndex(
    ({ role, parts = [] }) => role !== 'model' && parts.some(({ functionResponse }) => functionResponse === undefined),
  );
  const parts = contents[position]?.parts ?? [];
  return {
    prompt: textOf(parts),
    attachments: parts.flatMap(describe),
    toolResults: contents.slice(position + 1).flatMap(({ parts: after = [] }) => after.flatMap(toToolResult)),
  };
}

export function textOf(parts: readonly Part[]): string {
  return parts.map(({ text = '', thought }) => (thought === true ? '' : text)).join('');
}

/** All that is read: the size of the prompt is reckoned from it. */
export function wholeText(contents: readonly Content[]): string {
  return contents
    .flatMap(({ parts = [] }) => parts.map((part) => part.text ?? JSON.stringify(part.functionResponse ?? '')))
    .join('\n');
}

function describe({ inlineData, fileData }: Part): string[] {
  if (inlineData !== undefined) {
    const kind = inlineData.mimeType.split('/')[0] ?? 'data';
    const bytes = Buffer.byteLength(inlineData.data, 'base64');
    return [`[${kind} ${inlineData.mimeType} ${bytes} bytes]`];
  }
  return fileData === undefined ? [] : [`[file at ${fileData.fileUri}]`];
}

function toToolResult({ functionResponse }: Part): string[] {
  if (functionResponse === undefined) return [];
  return [`${functionResponse.name}: ${JSON.stringify(functionResponse.response ?? {})}`];
}
