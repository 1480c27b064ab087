import type { Batch, BatchEndpoint } from '@sluice/contracts/batch';
import { batchTimeMs, createBatchId } from '@sluice/contracts/batch-id';
import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { WINDOW_MS } from './batch-limits.js';
import { toBatch } from './batch-row.js';
import { cancelBatch, findBatch, insertBatch, listBatches } from './batch-statements.js';

export interface NewBatch {
  ownerKeyId: string;
  endpoint: BatchEndpoint;
  inputFileId: string;
  /** Where the file lies in the media store. */
  inputKey: string;
  metadata?: Readonly<Record<string, string>> | undefined;
  outputLifeMs?: number | undefined;
  /** Where its end is told, beside its owner's endpoints. */
  webhookUrl?: string | undefined;
}

/** Batches as their owners see them. Another's is as unknown as none. */
export class BatchStore {
  constructor(private readonly options: { postgres: Queryable; clock: Pick<Clock, 'now'> }) {}

  async insert(batch: NewBatch): Promise<Batch> {
    const createdAtMs = this.options.clock.now();
    const row = await insertBatch.first(
      this.options.postgres,
      createBatchId(createdAtMs),
      batch.ownerKeyId,
      batch.endpoint,
      batch.inputFileId,
      batch.inputKey,
      batch.metadata === undefined ? null : JSON.stringify(batch.metadata),
      batch.outputLifeMs ?? null,
      batch.webhookUrl ?? null,
      new Date(createdAtMs),
      new Date(createdAtMs + WINDOW_MS),
    );
    if (!row) throw new Error('A batch was not written.');
    return toBatch(row);
  }

  async find(id: string, ownerKeyId: string): Promise<Batch | undefined> {
    if (batchTimeMs(id) === undefined) return undefined;
    const row = await findBatch.first(this.options.postgres, id, ownerKeyId);
    return row && toBatch(row);
  }

  /** The newest first, one more than asked for where there are more. Undefined for a cursor that is no batch's id. */
  async list(page: { ownerKeyId: string; after?: string | undefined; limit: number }): Promise<Batch[] | undefined> {
    const { ownerKeyId, after, limit } = page;
    const afterMs = after === undefined ? undefined : batchTimeMs(after);
    if (after !== undefined && afterMs === undefined) return undefined;
    const from = afterMs === undefined ? null : new Date(afterMs);
    const rows = await listBatches.all(this.options.postgres, ownerKeyId, from, after ?? null, limit + 1);
    return rows.map(toBatch);
  }

  /** False where it has ended, or is about to. */
  async cancel(id: string, ownerKeyId: string): Promise<boolean> {
    const { postgres, clock } = this.options;
    return (await cancelBatch.first(postgres, id, ownerKeyId, new Date(clock.now()))) !== undefined;
  }
}
