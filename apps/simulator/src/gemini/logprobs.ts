import type { GenerationConfig } from './generate-request.js';

const LOG_PROBABILITY = -0.125;

/** Log probabilities of a candidate's pieces, when they were asked for. */
export function logprobsOf(
  { responseLogprobs, logprobs = 0 }: GenerationConfig,
  pieces: readonly string[],
): Record<string, unknown> {
  if (responseLogprobs !== true || pieces.length === 0) return {};
  const chosen = pieces.map((token, tokenId) => ({ token, tokenId, logProbability: LOG_PROBABILITY }));
  return {
    avgLogprobs: LOG_PROBABILITY,
    logprobsResult: {
      topCandidates: chosen.map((token) => ({ candidates: Array.from({ length: logprobs }, () => token) })),
      chosenCandidates: chosen,
    },
  };
}
