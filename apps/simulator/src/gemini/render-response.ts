import { candidateTokens, renderUsage } from './usage.js';
import { groundingOf } from './grounding.js';
import { logprobsOf } from './logprobs.js';
import type { PlannedReply, ReplySource } from './plan-reply.js';
import { sign } from './signature.js';

export interface ResponseSource extends ReplySource {
  readonly reply: PlannedReply;
  readonly responseId: string;
}

/** A blocked prompt has feedback and no candidate. */
export function renderBlocked({ reply, responseId, family, fault }: ResponseSource): Record<string, unknown> {
  return {
    promptFeedback: { blockReason: fault?.block, safetyRatings: [] },
    usageMetadata: renderUsage({ ...reply, thoughtTokens: 0 }, { candidateTokens: 0, isLast: true }),
    modelVersion: family.name,
    responseId,
  };
}

/** The reply as one object. */
export function renderResponse(source: ResponseSource): Record<string, unknown> {
  const { reply, responseId, family, fault } = source;
  if (fault?.block !== undefined) return renderBlocked(source);
  return {
    candidates: reply.texts.map((pieces, index) => renderCandidate(source, { text: pieces.join(''), index })),
    ...(fault?.usage !== 'none' && {
      usageMetadata: renderUsage(reply, { candidateTokens: candidateTokens(reply), isLast: true }),
    }),
    modelVersion: family.name,
    responseId,
  };
}

function renderCandidate(source: ResponseSource, { text, index }: { text: string; index: number }) {
  const { reply, fault } = source;
  const media = index === 0 ? (reply.media?.parts ?? []) : [];
  const parts = [...thoughtParts(reply), ...textParts(source, text), ...media, ...reply.calls];
  return {
    // A candidate that says nothing has content without parts.
    content: { ...(parts.length > 0 && { parts }), ...(!fault?.missingRole && { role: 'model' }) },
    ...(!fault?.noFinish && ending(source)),
    ...(index > 0 && { index }),
    ...beside(source, text),
    ...logprobsOf(source.request.generationConfig, reply.texts[index] ?? []),
  };
}

/** What is told with the last event, or beside a whole answer. */
export function ending({ reply }: ResponseSource): Record<string, unknown> {
  return {
    finishReason: reply.finishReason,
    ...(reply.calls.length > 0 && { finishMessage: 'Model generated function call(s).' }),
  };
}

export function beside({ request, conversation }: ResponseSource, text: string): Record<string, unknown> {
  return groundingOf(request, { text, prompt: conversation.prompt });
}

function thoughtParts({ thoughts }: PlannedReply): Record<string, unknown>[] {
  return thoughts.length === 0 ? [] : [{ text: thoughts.join(''), thought: true }];
}

function textParts({ family, request }: ResponseSource, text: string): Record<string, unknown>[] {
  if (text === '') return [];
  const runsCode = request.tools.some(({ codeExecution }) => codeExecution !== undefined);
  const code = runsCode
    ? [
        { executableCode: { language: 'PYTHON', code: 'print(1 + 1)\n' } },
        { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '2\n' } },
      ]
    : [];
  return [...code, { text, ...(family.signs && { thoughtSignature: sign('text') }) }];
}
