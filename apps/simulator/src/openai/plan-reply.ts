import { chooseToolCalls, type ToolCall } from './choose-tool-calls.js';
import { wholeText } from './conversation.js';
import { replyText, type ReplySource } from './reply-text.js';
import type { Usage } from './usage.js';
import { countWords, cutAfterWords, splitInto, splitWords } from './words.js';

export type FinishReason = 'stop' | 'length' | 'tool_calls';

/** One choice of a reply, already cut into the pieces a stream sends. */
export interface PlannedChoice {
  readonly index: number;
  readonly reasoning: readonly string[];
  readonly pieces: readonly string[];
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: FinishReason;
}

export interface PlannedReply {
  readonly choices: readonly PlannedChoice[];
  readonly usage: Usage;
}

const sizedPieceCharacters = 1024;
const defaultReasoning = 'Thinking about the request, step by step, before the reply.';

/** Decides the whole reply before a byte of it is sent. */
export function planReply(source: ReplySource): PlannedReply {
  const { request } = source;
  const choices = Array.from({ length: request.n ?? 1 }, (_, index) => planChoice(source, index));
  return {
    choices,
    usage: {
      promptTokens: Math.max(1, countWords(wholeText(request.messages))),
      completionTokens: choices.reduce((sum, choice) => sum + countTokens(choice), 0),
      reasoningTokens: choices.reduce((sum, choice) => sum + choice.reasoning.length, 0),
    },
  };
}

function planChoice(source: ReplySource, index: number): PlannedChoice {
  const { request, conversation, fault } = source;
  const reasoning = planReasoning(source);
  const toolCalls = chooseToolCalls(request, conversation, fault);
  if (toolCalls.length > 0) return { index, reasoning, pieces: [], toolCalls, finishReason: 'tool_calls' };
  const { text, finishReason } = limit(source, replyText(source, index));
  return { index, reasoning, pieces: cutPieces(text, source), toolCalls, finishReason };
}

function planReasoning({ request, fault }: ReplySource): string[] {
  if (fault?.reasoning !== undefined)
    return Array.from({ length: fault.reasoning }, (_, index) => `${index === 0 ? '' : ' '}thought-${index + 1}`);
  const reasons = request.model === 'sim-reasoner' && request.reasoning_effort !== 'none';
  return reasons ? splitWords(defaultReasoning) : [];
}

/** Puts stop sequences and the token limit to a text. An echo is exempt: it must stay whole to be of use. */
function limit({ request, fault }: ReplySource, text: string): { text: string; finishReason: FinishReason } {
  if (fault?.echoRequest) return { text, finishReason: 'stop' };
  const stopped = cutAtStop(text, request.stop);
  const tokenLimit = request.max_completion_tokens ?? request.max_tokens;
  const cut = tokenLimit === null || tokenLimit === undefined ? undefined : cutAfterWords(stopped, tokenLimit);
  return cut === undefined ? { text: stopped, finishReason: 'stop' } : { text: cut, finishReason: 'length' };
}

function cutAtStop(text: string, stop: ReplySource['request']['stop']): string {
  const sequences = typeof stop === 'string' ? [stop] : (stop ?? []);
  const positions = sequences
    .filter(Boolean)
    .map((sequence) => text.indexOf(sequence))
    .filter((position) => position >= 0);
  return positions.length === 0 ? text : text.slice(0, Math.min(...positions));
}

function cutPieces(text: string, { fault }: ReplySource): string[] {
  if (fault?.singleChunk) return [text];
  if (fault?.chunks !== undefined) return splitInto(text, fault.chunks);
  if (fault?.sizeBytes === undefined) return splitWords(text);
  const count = Math.ceil(text.length / sizedPieceCharacters);
  return Array.from({ length: count }, (_, index) =>
    text.slice(index * sizedPieceCharacters, (index + 1) * sizedPieceCharacters),
  );
}

function countTokens({ reasoning, pieces, toolCalls }: PlannedChoice): number {
  const callTokens = toolCalls.reduce((sum, call) => sum + 1 + countWords(call.input), 0);
  return reasoning.length + countWords(pieces.join('')) + callTokens;
}
