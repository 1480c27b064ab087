import { defineStatement } from '@sluice/platform-postgres/statement';
import type { BatchRow } from './batch-row.js';

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

type NewBatch = [
  id: string,
  owner: string,
  endpoint: string,
  inputFileId: string,
  inputKey: string,
  metadata: string | null,
  outputLifeMs: number | null,
  webhookUrl: string | null,
  createdAt: Date,
  expiresAt: Date,
];
export const insertBatch = defineStatement<BatchRow, NewBatch>(sql('insert-batch'));
export const findBatch = defineStatement<BatchRow, [id: string, owner: string]>(sql('find-batch'));
export const listBatches = defineStatement<
  BatchRow,
  [owner: string, afterTime: Date | null, afterId: string | null, limit: number]
>(sql('list-batches'));
export const cancelBatch = defineStatement<BatchRow, [id: string, owner: string, now: Date]>(sql('cancel-batch'));

export const claimBatch = defineStatement<BatchRow, [holder: string, now: Date, until: Date]>(sql('claim-batch'));
export const holdBatch = defineStatement<never, [id: string, holder: string, status: string, until: Date]>(
  sql('hold-batch'),
);
export const beginBatch = defineStatement<
  never,
  [id: string, holder: string, total: number, model: string | null, now: Date]
>(sql('begin-batch'));
export const failBatch = defineStatement<never, [id: string, holder: string, problems: string, now: Date]>(
  sql('fail-batch'),
);
export const closeBatches = defineStatement<{ id: string }, [now: Date]>(sql('close-batches'));
export const finishBatch = defineStatement<
  { id: string },
  [id: string, holder: string, outputFileId: string | null, errorFileId: string | null, now: Date]
>(sql('finish-batch'));

/** For the sweep. */
export const purgeBatches = defineStatement<never, [before: Date]>(sql('purge-batches'));
export const findOpenBatches = defineStatement<{ id: string }, [ids: readonly string[]]>(sql('find-open-batches'));
