import type { Fault } from '../faults/fault.js';
import { withoutMarkers } from '../faults/read-markers.js';
import { sampleJson } from '../openai/sample-json.js';
import { countWords, cutAfterWords, splitInto, splitWords } from '../openai/words.js';
import { chooseCalls, lowerTypes } from './choose-calls.js';
import { wholeText, type Conversation } from './conversation.js';
import type { GenerateRequest } from './generate-request.js';
import { planMedia, type MediaReply } from './media-reply.js';
import { mediaTokens, type ModalityTokens } from './media-tokens.js';
import type { ModelFamily } from './model-family.js';

export interface ReplySource {
  readonly request: GenerateRequest;
  readonly conversation: Conversation;
  readonly family: ModelFamily;
  readonly bodyText: string;
  readonly fault: Fault | undefined;
}

/** The whole reply, before a byte of it is sent. Every candidate says the same but its number. */
export interface PlannedReply {
  readonly thoughts: readonly string[];
  /** For each candidate, in the pieces a stream sends. */
  readonly texts: readonly (readonly string[])[];
  readonly calls: readonly Record<string, unknown>[];
  readonly media: MediaReply | undefined;
  readonly finishReason: string;
  readonly promptTokens: number;
  /** Those of them that are no text. */
  readonly promptMedia: readonly ModalityTokens[];
  readonly thoughtTokens: number;
}

const THOUGHTS = 'Thinking about the request, step by step, before the reply.';
const SIZED_PIECE_CHARACTERS = 1024;

export function planReply(source: ReplySource): PlannedReply {
  const { request, family, fault } = source;
  const { thinkingConfig, candidateCount = 1 } = request.generationConfig;
  const isThinking = family.thinks && thinkingConfig?.thinkingBudget !== 0;
  const thoughts = isThinking ? thoughtsOf(fault) : [];
  const calls = chooseCalls(request, source);
  const media = planMedia(source);
  const promptMedia = mediaTokens(request.contents);
  const limited = Array.from({ length: candidateCount }, (_, index) => limit(source, replyText(source, index)));
  return {
    thoughts: thinkingConfig?.includeThoughts === true ? thoughts : [],
    texts: limited.map(({ text }) => (calls.length > 0 || media?.talks === false ? [] : cutPieces(text, fault))),
    calls,
    media,
    finishReason: fault?.finish ?? (calls.length > 0 ? 'STOP' : (limited[0]?.finishReason ?? 'STOP')),
    promptTokens: promptMedia.reduce(
      (sum, { tokenCount }) => sum + tokenCount,
      Math.max(1, countWords(wholeText(request.contents))),
    ),
    promptMedia,
    thoughtTokens: thoughts.length,
  };
}

function thoughtsOf(fault: Fault | undefined): string[] {
  if (fault?.reasoning === undefined) return splitWords(THOUGHTS);
  return Array.from({ length: fault.reasoning }, (_, index) => `${index === 0 ? '' : ' '}thought-${index + 1}`);
}

function replyText({ request, conversation, bodyText, fault }: ReplySource, index: number): string {
  if (fault?.echoRequest) return bodyText;
  if (fault?.sizeBytes !== undefined) return 'simulated text '.repeat(fault.sizeBytes).slice(0, fault.sizeBytes);
  const { prompt, attachments, toolResults } = conversation;
  const number = index === 0 ? '' : ` ${index + 1}`;
  const results = toolResults.length === 0 ? [] : [`Tool results: ${toolResults.join('; ')}`];
  const text = [`Simulated reply${number} to: ${withoutMarkers(prompt)}`, ...attachments, ...results].join(' ');
  const { responseMimeType, responseSchema, responseJsonSchema } = request.generationConfig;
  const schema = responseJsonSchema ?? lowerTypes(responseSchema);
  if (responseMimeType === 'text/x.enum') return String(sampleJson(schema, 'enum'));
  if (responseMimeType === 'application/json')
    return JSON.stringify(schema === undefined ? { reply: text } : sampleJson(schema, 'reply'));
  const words = fault?.splitUtf8 ? `${text} – déjà vu 🦊 日本語` : text;
  const missing = Math.max(0, (fault?.chunks ?? 0) - countWords(words));
  return words + Array.from({ length: missing }, (_, place) => ` word-${place + 1}`).join('');
}

/** Stop sequences and the token limit, of which thoughts use up their part. */
function limit({ request, fault }: ReplySource, text: string): { text: string; finishReason: string } {
  if (fault?.echoRequest) return { text, finishReason: 'STOP' };
  const { stopSequences = [], maxOutputTokens } = request.generationConfig;
  const positions = stopSequences.map((stop) => text.indexOf(stop)).filter((position) => position >= 0);
  const stopped = text.slice(0, Math.min(text.length, ...positions));
  const cut = maxOutputTokens === undefined ? undefined : cutAfterWords(stopped, maxOutputTokens);
  return cut === undefined ? { text: stopped, finishReason: 'STOP' } : { text: cut, finishReason: 'MAX_TOKENS' };
}

function cutPieces(text: string, fault: Fault | undefined): string[] {
  if (fault?.singleChunk) return [text];
  if (fault?.chunks !== undefined) return splitInto(text, fault.chunks);
  if (fault?.sizeBytes === undefined) return splitWords(text);
  const count = Math.ceil(text.length / SIZED_PIECE_CHARACTERS);
  return Array.from({ length: count }, (_, index) =>
    text.slice(index * SIZED_PIECE_CHARACTERS, (index + 1) * SIZED_PIECE_CHARACTERS),
  );
}
