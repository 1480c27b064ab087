import type { Clock } from '@sluice/contracts/clock';
import type { Part } from '@sluice/contracts/part';
import type { GenerationReader } from '@sluice/domain-generations/generation-reader';
import type { ResponseStore } from '@sluice/domain-responses/response-store';
import type { StoredResponse } from '@sluice/domain-responses/stored-response';
import { encodeOutcome } from '@sluice/wire-openai-responses/encode-outcome';
import { toGenerationId } from '@sluice/wire-openai-responses/item-id';
import { frameOf } from './response-frame.js';
import { estimateForStored } from './token-estimate.js';

/** A generation that has no row by then, and no end, is not coming any more. */
const LOST_AFTER_MS = 60_000;
const LOST: Part = { type: 'failed', error: { code: 'unavailable', message: 'The response was lost.' } };

/**
 * Finds stored responses. Whoever answers one says how it ended; where that replica died before it could, the
 * generation's own row tells it to the next who asks.
 */
export class ResponseReader {
  constructor(private readonly options: { store: ResponseStore; generations: GenerationReader; clock: Clock }) {}

  async find(id: string, ownerKeyId: string): Promise<StoredResponse | undefined> {
    const found = await this.options.store.find(id, ownerKeyId);
    if (!found || found.outcome) return found;
    const parts = await this.partsOfEnded(found);
    return parts ? this.complete(found, parts) : found;
  }

  /** Says how it ended; answers it as it stands then. */
  async complete(response: StoredResponse, parts: readonly Part[]): Promise<StoredResponse> {
    const { store, clock } = this.options;
    const completedSeconds = Math.floor(clock.now() / 1000);
    const ended = encodeOutcome(parts, {
      frame: frameOf(response),
      completedSeconds,
      estimate: estimateForStored(response),
    });
    return { ...response, outcome: await store.complete(response.id, { ...ended, parts }) };
  }

  private async partsOfEnded({ id, ownerKeyId, createdAtMs }: StoredResponse): Promise<Part[] | undefined> {
    const { generations, clock } = this.options;
    const generationId = toGenerationId(id);
    if (generationId === undefined) return undefined;
    const records = await generations.loadFinished(generationId);
    if (records) return records.map(({ part }) => part);
    if (clock.now() - createdAtMs < LOST_AFTER_MS) return undefined;
    return (await generations.findOwned(generationId, ownerKeyId)) ? undefined : [LOST];
  }
}
