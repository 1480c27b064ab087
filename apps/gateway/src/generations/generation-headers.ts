import type { InteractiveGeneration } from '@sluice/contracts/generation';
import type { PartRecord } from '@sluice/contracts/part';

/** Who did it: unknown while nobody has begun. */
export interface RanWith {
  upstream: string | undefined;
  model: string;
}

/** The last attempt in `records` is the one that counts; its upstream may name the model more precisely. */
export function ranWith(records: readonly PartRecord[], generation: Pick<InteractiveGeneration, 'model'>): RanWith {
  const ran: RanWith = { upstream: undefined, model: generation.model };
  for (const { part } of records) {
    if (part.type === 'attempt') {
      ran.upstream = part.upstream;
      ran.model = part.model;
    } else if (part.type === 'start' && part.model) {
      ran.model = part.model;
    } else if (part.type !== 'start') {
      break;
    }
  }
  return ran;
}

export function generationHeaders(generation: Pick<InteractiveGeneration, 'id'>, ran: RanWith): Record<string, string> {
  return {
    'x-sluice-generation': generation.id,
    ...(ran.upstream ? { 'x-sluice-upstream': headerText(ran.upstream), 'x-sluice-model': headerText(ran.model) } : {}),
  };
}

/** Header values are Latin-1 without control characters; model names are free text. */
export function headerText(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text);
}
