import type { BatchEndpoint } from '@sluice/contracts/batch';
import { defineStatement } from '@sluice/platform-postgres/statement';

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

/** A batch whose lines are made now. */
export interface RunningRow {
  id: string;
  owner_key_id: string;
  endpoint: BatchEndpoint;
}

export interface LineRow {
  number: number;
  custom_id: string;
  position: number;
  bytes: number;
  attempts: number;
  generation_id: string | null;
}

export interface AnswerRow {
  number: number;
  custom_id: string;
  is_failed: boolean | null;
  answer: string | null;
  answer_key: string | null;
}

type NewLines = [
  batch: string,
  numbers: readonly number[],
  customIds: readonly string[],
  positions: readonly number[],
  bytes: readonly number[],
  now: Date,
];
export const insertBatchLines = defineStatement<never, NewLines>(sql('insert-batch-lines'));
export const dropBatchLines = defineStatement<never, [batch: string]>(sql('drop-batch-lines'));

export const listRunningBatches = defineStatement<RunningRow, [now: Date]>(sql('list-running-batches'));
export const claimLines = defineStatement<
  LineRow,
  [batch: string, now: Date, limit: number, holder: string, until: Date]
>(sql('claim-lines'));
export const claimEndedLines = defineStatement<
  LineRow & RunningRow,
  [now: Date, limit: number, holder: string, until: Date]
>(sql('claim-ended-lines'));
export const holdLines = defineStatement<
  never,
  [batches: readonly string[], numbers: readonly number[], holder: string, until: Date]
>(sql('hold-lines'));
export const giveBackLine = defineStatement<
  never,
  [batch: string, number: number, holder: string, dueAt: Date, uncounted: number]
>(sql('give-back-line'));
export const awaitLine = defineStatement<never, [batch: string, number: number, holder: string, generation: string]>(
  sql('await-line'),
);

type Answers = [
  batch: string,
  holder: string,
  numbers: readonly number[],
  failures: readonly boolean[],
  texts: readonly (string | null)[],
  keys: readonly (string | null)[],
];
export const recordAnswers = defineStatement<never, Answers>(sql('record-answers'));

export const measureAwaited = defineStatement<{ awaited: number; isWaitedFor: boolean }, [kind: string]>(
  sql('measure-awaited'),
);
export const countOpenLines = defineStatement<{ held: number; awaited: number }, [batch: string, now: Date]>(
  sql('count-open-lines'),
);
export const listAwaitedLines = defineStatement<{ generation_id: string }, [batch: string]>(sql('list-awaited-lines'));
export const pageAnswers = defineStatement<
  AnswerRow,
  [batch: string, after: number, isSucceeded: boolean, limit: number]
>(sql('page-answers'));
