import type { ChatRequest } from '@sluice/contracts/chat';
import type { StoredResponse } from '@sluice/domain-responses/stored-response';
import { countTokens, textTokens } from '@sluice/wire-tokens/count-tokens';
import type { TokenEstimate } from '@sluice/wire-openai-responses/encode-outcome';

/** Made only where an upstream does not count. */
export function estimateFor(request: ChatRequest): TokenEstimate {
  return { inputTokens: () => countTokens(request), tokensOf: textTokens };
}

/** For one that this replica did not answer: by its own input, without what was said before. */
export function estimateForStored({ input }: StoredResponse): TokenEstimate {
  return { inputTokens: () => Math.ceil(textTokens(JSON.stringify(input))), tokensOf: textTokens };
}
