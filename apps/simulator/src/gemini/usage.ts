import { countWords } from '../openai/words.js';
import type { ModalityTokens } from './media-tokens.js';
import type { PlannedReply } from './plan-reply.js';

/** Tokens as Google counts them: thoughts beside the candidates, and no count of candidates where there is nothing yet. */
export function renderUsage(
  { promptTokens, thoughtTokens, promptMedia, media }: TokenPlan,
  { candidateTokens, isLast }: { candidateTokens: number; isLast: boolean },
): Record<string, unknown> {
  return {
    promptTokenCount: promptTokens,
    ...(candidateTokens > 0 && { candidatesTokenCount: candidateTokens }),
    totalTokenCount: promptTokens + candidateTokens + thoughtTokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: promptTokens - sumOf(promptMedia) }, ...promptMedia],
    ...(isLast && candidateTokens > 0 && { candidatesTokensDetails: candidateDetails(candidateTokens, media) }),
    ...(thoughtTokens > 0 && { thoughtsTokenCount: thoughtTokens }),
  };
}

type TokenPlan = Pick<PlannedReply, 'promptTokens' | 'thoughtTokens' | 'promptMedia' | 'media'>;

function candidateDetails(tokens: number, media: PlannedReply['media']): Record<string, unknown>[] {
  const text = { modality: 'TEXT', tokenCount: tokens - (media?.tokens ?? 0) };
  const details = media === undefined ? [text] : [text, { modality: media.modality, tokenCount: media.tokens }];
  return details.filter(({ tokenCount }) => tokenCount > 0);
}

function sumOf(tokens: readonly ModalityTokens[]): number {
  return tokens.reduce((sum, { tokenCount }) => sum + tokenCount, 0);
}

export function candidateTokens({ texts, calls, media }: PlannedReply): number {
  const words = texts.reduce((sum, pieces) => sum + countWords(pieces.join('')), 0);
  return (
    words +
    (media?.tokens ?? 0) +
    calls.reduce((sum, call) => sum + 1 + countWords(JSON.stringify(call['functionCall'])), 0)
  );
}
