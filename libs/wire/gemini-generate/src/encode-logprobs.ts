import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** The internal form's `{content: […]}` as `logprobsResult`. */
export function encodeLogprobs(tokens: readonly Json[]): JsonObject | undefined {
  if (tokens.length === 0) return undefined;
  const list = tokens.filter(isJsonObject);
  return {
    chosenCandidates: list.map(encodeToken),
    topCandidates: list.map(({ top_logprobs: top }) => ({
      candidates: (Array.isArray(top) ? top : []).filter(isJsonObject).map(encodeToken),
    })),
  };
}

function encodeToken({ token, logprob }: JsonObject): JsonObject {
  return { token, logProbability: logprob };
}
