import { countWords } from '../openai/words.js';
import { logprobsOf } from './logprobs.js';
import { beside, ending, renderBlocked, type ResponseSource } from './render-response.js';
import { sign } from './signature.js';
import { candidateTokens, renderUsage } from './usage.js';

interface Step {
  readonly parts: readonly Record<string, unknown>[];
  readonly index: number;
  readonly token?: string;
}

/** The events of a streamed reply as they were recorded: usage on each and growing, an end that holds nothing or only a signature. */
export function* streamEvents(source: ResponseSource): Generator<string> {
  const { reply, fault } = source;
  if (fault?.block !== undefined) return yield JSON.stringify(renderBlocked(source));
  let tokens = 0;
  for (const step of steps(source)) {
    tokens += tokensOf(step);
    const logprobs = step.token === undefined ? {} : logprobsOf(source.request.generationConfig, [step.token]);
    yield renderEvent(source, { candidates: [{ ...candidateOf(step), ...logprobs }], tokens, isLast: false });
  }
  if (fault?.noFinish) return;
  const candidates = reply.texts.map((pieces, index) => ({
    ...candidateOf({ parts: lastParts(source), index }),
    ...ending(source),
    ...beside(source, pieces.join('')),
  }));
  yield renderEvent(source, { candidates, tokens: candidateTokens(reply), isLast: true });
}

function* steps({ reply, fault }: ResponseSource): Generator<Step> {
  for (const text of reply.thoughts) yield { parts: [{ text, thought: true }], index: 0 };
  const longest = Math.max(...reply.texts.map((pieces) => pieces.length));
  for (let place = 0; place < longest; place += 1)
    for (const [index, pieces] of reply.texts.entries()) {
      const text = pieces[place];
      if (text !== undefined) yield { parts: [{ text }], index, token: text };
    }
  // Each picture comes whole in one event, of a megabyte or more.
  for (const part of reply.media?.pieces ?? []) yield { parts: [part], index: 0 };
  // Calls come whole: each in an event of its own, or all in one.
  if (fault?.interleaveTools) yield { parts: reply.calls, index: 0 };
  else for (const call of reply.calls) yield { parts: [call], index: 0 };
}

/** A first candidate's index of 0 is left out, as such zeros are in this format. */
function candidateOf({ parts, index }: Step): Record<string, unknown> {
  return { content: { ...(parts.length > 0 && { parts }), role: 'model' }, ...(index > 0 && { index }) };
}

function tokensOf({ parts, token }: Step): number {
  if (token !== undefined) return countWords(token);
  return parts.reduce((sum, part) => sum + (part['functionCall'] === undefined ? 0 : 1), 0);
}

function lastParts({ family, reply }: ResponseSource): Record<string, unknown>[] {
  if (reply.calls.length > 0) return family.signs ? [{ text: '' }] : [];
  return family.signs ? [{ text: '', thoughtSignature: sign('text') }] : [{ text: '' }];
}

function renderEvent(
  { reply, responseId, family, fault }: ResponseSource,
  { candidates, tokens, isLast }: { candidates: Record<string, unknown>[]; tokens: number; isLast: boolean },
): string {
  return JSON.stringify({
    candidates,
    ...(fault?.usage !== 'none' && { usageMetadata: renderUsage(reply, { candidateTokens: tokens, isLast }) }),
    modelVersion: family.name,
    responseId,
    ...(isLast && { turnToken: `v1_${responseId}` }),
  });
}
