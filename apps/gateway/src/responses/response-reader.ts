import type { Part } from '@sluice/contracts/part';
import type { ResponseStore } from '@sluice/domain-responses/response-store';
import type { StoredResponse } from '@sluice/domain-responses/stored-response';
import { encodeOutcome } from '@sluice/wire-openai-responses/encode-outcome';
import { frameOf } from './response-frame.js';
import type { ResponseRuns } from './response-runs.js';
import { estimateForStored } from './token-estimate.js';

export interface ResponseReaderOptions {
  store: ResponseStore;
  runs: ResponseRuns;
  /** Keeps what else is to be known of an answer later. */
  remember(parts: readonly Part[], ownerKeyId: string): Promise<void>;
}

/**
 * Finds stored responses. Who answers a waiting client says how it ended; where that replica died before it could, and of
 * all that run in the background, the generation tells it to the first who asks.
 */
export class ResponseReader {
  constructor(private readonly options: ResponseReaderOptions) {}

  async find(id: string, ownerKeyId: string): Promise<StoredResponse | undefined> {
    const { store, runs } = this.options;
    const found = await store.find(id, ownerKeyId);
    if (!found || found.outcome) return found;
    const parts = await runs.of(found).endedParts();
    return parts ? this.complete(found, parts) : found;
  }

  /** Says how it ended; answers it as it stands then. */
  async complete(response: StoredResponse, parts: readonly Part[]): Promise<StoredResponse> {
    const { store, runs, remember } = this.options;
    const ended = encodeOutcome(parts, {
      frame: frameOf(response),
      completedSeconds: Math.floor((await runs.of(response).endedAtMs()) / 1000),
      estimate: estimateForStored(response),
    });
    await remember(parts, response.ownerKeyId);
    return { ...response, outcome: await store.complete(response.id, { ...ended, parts }) };
  }
}
