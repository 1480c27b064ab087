import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** `logprobsResult` in the internal form, which is that of Chat Completions. */
export function decodeLogprobs(result: Json | undefined): JsonObject | undefined {
  if (!isJsonObject(result) || !Array.isArray(result['chosenCandidates'])) return undefined;
  const { chosenCandidates: chosen, topCandidates: tops } = result;
  const content = chosen.filter(isJsonObject).map((token, index) => {
    const top = Array.isArray(tops) ? tops[index] : undefined;
    const candidates = isJsonObject(top) && Array.isArray(top['candidates']) ? top['candidates'] : [];
    return { ...encode(token), top_logprobs: candidates.filter(isJsonObject).map(encode) };
  });
  return { content };
}

function encode({ token, logProbability }: JsonObject): JsonObject {
  const text = typeof token === 'string' ? token : '';
  return { token: text, logprob: logProbability ?? 0, bytes: [...Buffer.from(text)] };
}
