import type { GenerationInput } from '@sluice/contracts/generation';

/** What a model has to be able to do beyond its kind of work. */
export interface RequestNeeds {
  /** It is shown pictures. */
  sight: boolean;
}

export const NO_NEEDS: RequestNeeds = { sight: false };

/** What a request asks of its model. */
export function needsOf(input: GenerationInput): RequestNeeds {
  if (input.kind !== 'chat') return NO_NEEDS;
  const parts = input.request.messages.flatMap(({ content }): { type: string }[] => content);
  return { sight: parts.some(({ type }) => type === 'image') };
}
