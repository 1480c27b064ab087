import type { InteractiveGeneration } from '@sluice/contracts/generation';
import type { PartRecord } from '@sluice/contracts/part';

/** A generation, and its parts as they come, in batches. */
export interface Told {
  generation: Pick<InteractiveGeneration, 'id' | 'createdAtMs' | 'model'>;
  tail: AsyncIterable<PartRecord[]>;
}
