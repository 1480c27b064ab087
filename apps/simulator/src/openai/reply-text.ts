import type { Fault } from '../faults/fault.js';
import { withoutMarkers } from '../faults/read-markers.js';
import type { ChatRequest } from './chat-request.js';
import type { Conversation } from './conversation.js';
import { sampleJson } from './sample-json.js';
import { countWords } from './words.js';

export interface ReplySource {
  readonly request: ChatRequest;
  readonly conversation: Conversation;
  readonly bodyText: string;
  readonly fault: Fault | undefined;
}

/** The whole text of one choice, before any limit is put to it. */
export function replyText({ request, conversation, bodyText, fault }: ReplySource, choiceIndex: number): string {
  if (fault?.echoRequest) return bodyText;
  if (fault?.sizeBytes !== undefined) return textOfSize(fault.sizeBytes);
  const plainText = describeReply(conversation, choiceIndex);
  const format = request.response_format;
  if (format?.type === 'json_object') return JSON.stringify({ reply: plainText });
  if (format?.type === 'json_schema')
    return JSON.stringify(sampleJson(format.json_schema.schema, format.json_schema.name));
  const text = fault?.splitUtf8 ? `${plainText} – déjà vu 🦊 日本語` : plainText;
  return fault?.chunks === undefined ? text : fillWords(text, fault.chunks);
}

function describeReply({ prompt, attachments, toolResults }: Conversation, choiceIndex: number): string {
  const number = choiceIndex === 0 ? '' : ` ${choiceIndex + 1}`;
  let text = `Simulated reply${number} to: ${withoutMarkers(prompt)}`;
  for (const attachment of attachments) text += ` ${attachment}`;
  if (toolResults.length > 0)
    text += ` Tool results: ${toolResults.map(({ id, text: result }) => `${id}: "${result}"`).join('; ')}`;
  return text;
}

const filler = 'simulated text ';

function textOfSize(bytes: number): string {
  return filler.repeat(Math.ceil(bytes / filler.length)).slice(0, bytes);
}

function fillWords(text: string, words: number): string {
  const missing = Math.max(0, words - countWords(text));
  return text + Array.from({ length: missing }, (_, index) => ` word-${index + 1}`).join('');
}
