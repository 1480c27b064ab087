import type { Batch, BatchEndpoint, BatchOutcome, BatchProblem, BatchStatus } from '@sluice/contracts/batch';
import { present } from '@sluice/contracts/present';

export interface BatchRow {
  id: string;
  owner_key_id: string;
  endpoint: BatchEndpoint;
  input_file_id: string;
  input_key: string;
  metadata: string | null;
  output_life_ms: number | null;
  model: string | null;
  status: BatchStatus;
  outcome: BatchOutcome | null;
  total: number;
  completed: number;
  failed: number;
  problems: string | null;
  output_file_id: string | null;
  error_file_id: string | null;
  created_at: Date;
  expires_at: Date;
  in_progress_at: Date | null;
  finalizing_at: Date | null;
  cancelling_at: Date | null;
  finished_at: Date | null;
}

export function toBatch(row: BatchRow): Batch {
  const { id, endpoint, status, total, completed, failed } = row;
  return {
    id,
    ownerKeyId: row.owner_key_id,
    endpoint,
    inputFileId: row.input_file_id,
    status,
    counts: { total, completed, failed },
    problems: row.problems === null ? [] : (JSON.parse(row.problems) as BatchProblem[]),
    createdAtMs: row.created_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    ...(row.metadata !== null && { metadata: JSON.parse(row.metadata) as Record<string, string> }),
    ...present({
      model: row.model,
      outputLifeMs: row.output_life_ms,
      outputFileId: row.output_file_id,
      errorFileId: row.error_file_id,
      inProgressAtMs: row.in_progress_at?.getTime(),
      finalizingAtMs: row.finalizing_at?.getTime(),
      cancellingAtMs: row.cancelling_at?.getTime(),
      finishedAtMs: row.finished_at?.getTime(),
    }),
  };
}
