import type { Fault } from '../faults/fault.js';
import { splitInto, splitWords } from '../openai/words.js';

export interface FrameSource {
  readonly responseId: string;
  readonly conversationId: string;
  readonly prompt: string;
  readonly model: string;
  readonly mode: string;
  readonly fault: Fault | undefined;
}

const THINKS = /THINKING|EXPERT|HEAVY/;
const THOUGHTS = ['Looking at the question. ', 'Weighing the words.'];
const SEARCH = /\bsearch\b/i;

/** The frames of a chat, in their usual order. */
export function* chatFrames(source: FrameSource): Generator<string> {
  const { responseId, conversationId, prompt, model, mode, fault } = source;
  const response = (more: Record<string, unknown>): string =>
    JSON.stringify({ result: { response: { responseId, isThinking: false, isSoftStop: false, ...more } } });
  yield JSON.stringify({ result: { conversation: { conversationId, title: '', temporary: true } } });
  yield response({ userResponse: { responseId, message: prompt, sender: 'human', model } });
  yield response({ uiLayout: { reasoningUiLayout: 'FUNCTION_CALL', willThinkLong: false, effort: 'LOW' } });
  if (THINKS.test(mode)) {
    yield response({ token: 'Thinking about your request', isThinking: true, messageTag: 'header', messageStepId: 0 });
    for (const token of THOUGHTS) yield response({ token, isThinking: true, messageTag: 'summary' });
  }
  if (SEARCH.test(prompt)) yield response(card());
  const text = wantsTool(source) ? toolCall(prompt) : `You said: ${lastWords(prompt)}`;
  const pieces = fault?.chunks === undefined ? splitWords(text) : splitInto(text, fault.chunks);
  for (const token of pieces) yield response({ token, messageTag: 'final' });
  if (SEARCH.test(prompt))
    for (const token of [
      '<grok:render card_id="c1" card_type="cit',
      'ation_card"><argument name="id">1</argument></grok:render>',
    ])
      yield response({ token, messageTag: 'final' });
  if (fault?.noFinish) return;
  yield response({ token: '', isSoftStop: true });
  yield response({ finalMetadata: { followUpSuggestions: [], toolsUsed: {}, disclaimer: '' } });
  const whole = {
    responseId,
    message: text,
    sender: 'ASSISTANT',
    partial: false,
    generatedImageUrls: [],
    streamErrors: [],
    model,
  };
  yield response({ modelResponse: whole });
  yield JSON.stringify({ result: { title: { newTitle: 'A title' } } });
}

/** A model that was told of tools in words asks for one in words. */
function wantsTool({ prompt, fault }: FrameSource): boolean {
  return (fault?.tools ?? 0) > 0 && prompt.includes('<tool_call>') && !prompt.includes('<tool_result');
}

/** Told of tools it does not repeat what it was told of them. */
function lastWords(prompt: string): string {
  return prompt.includes('<tool_call>') ? (prompt.split('\n\n').at(-1) ?? '') : prompt;
}

function toolCall(prompt: string): string {
  const name = /^\{"name":("[^"]+")/m.exec(prompt)?.[1] ?? '"unknown"';
  return `<tool_call>{"name":${name},"arguments":{"city":"Simulated"}}</tool_call>`;
}

function card(): Record<string, unknown> {
  return {
    token: '<xai:tool_usage_card>…</xai:tool_usage_card>',
    isThinking: true,
    toolUsageCardId: 'card-1',
    messageTag: 'tool_usage_card',
    webSearchResults: { results: [{ title: 'Example', url: 'https://example.com/found', preview: '' }] },
  };
}
