import type { BatchEndpoint } from '@sluice/contracts/batch';
import type { LineRow, RunningRow } from './line-statements.js';

/** A line that this process holds. */
export interface BatchLine {
  batchId: string;
  ownerKeyId: string;
  endpoint: BatchEndpoint;
  number: number;
  customId: string;
  position: number;
  bytes: number;
  /** This one included. */
  attempts: number;
  /** What it made before, which has ended: only its answer is missing. */
  generationId: string | undefined;
}

/** What came of a line. */
export type LineOutcome =
  | { type: 'answered'; isFailed: boolean; text: string }
  /** What it made goes on without it; its answer is there when that has ended. */
  | { type: 'awaits'; generationId: string }
  /** Nothing was made; it may be tried again. */
  | { type: 'again'; afterMs: number };

export function toBatchLine(line: LineRow, batch: RunningRow): BatchLine {
  return {
    batchId: batch.id,
    ownerKeyId: batch.owner_key_id,
    endpoint: batch.endpoint,
    number: line.number,
    customId: line.custom_id,
    position: line.position,
    bytes: line.bytes,
    attempts: line.attempts,
    generationId: line.generation_id ?? undefined,
  };
}
