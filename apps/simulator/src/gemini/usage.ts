import { countWords } from '../openai/words.js';
import type { PlannedReply } from './plan-reply.js';

/** Tokens as Google counts them: thoughts beside the candidates, and no count of candidates where there is nothing yet. */
export function renderUsage(
  { promptTokens, thoughtTokens }: Pick<PlannedReply, 'promptTokens' | 'thoughtTokens'>,
  { candidateTokens, isLast }: { candidateTokens: number; isLast: boolean },
): Record<string, unknown> {
  return {
    promptTokenCount: promptTokens,
    ...(candidateTokens > 0 && { candidatesTokenCount: candidateTokens }),
    totalTokenCount: promptTokens + candidateTokens + thoughtTokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: promptTokens }],
    ...(isLast &&
      candidateTokens > 0 && { candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: candidateTokens }] }),
    ...(thoughtTokens > 0 && { thoughtsTokenCount: thoughtTokens }),
  };
}

export function candidateTokens({ texts, calls }: PlannedReply): number {
  const words = texts.reduce((sum, pieces) => sum + countWords(pieces.join('')), 0);
  return words + calls.reduce((sum, call) => sum + 1 + countWords(JSON.stringify(call['functionCall'])), 0);
}
