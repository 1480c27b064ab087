import type { ChatRequest } from './chat-request.js';

const simulatedLogprob = -0.125;

/** Log probabilities for the given tokens, when the request asked for them. */
export function renderLogprobs(tokens: readonly string[], request: ChatRequest): Record<string, unknown> | null {
  if (!request.logprobs) return null;
  const content = tokens.map((token) => ({
    ...renderToken(token),
    top_logprobs: Array.from({ length: request.top_logprobs ?? 0 }, () => renderToken(token)),
  }));
  return { content, refusal: null };
}

function renderToken(token: string): Record<string, unknown> {
  return { token, logprob: simulatedLogprob, bytes: [...Buffer.from(token)] };
}
