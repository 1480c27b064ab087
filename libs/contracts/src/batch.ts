/** Paths whose requests a batch can hold. */
export const BATCH_ENDPOINTS = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/embeddings',
  '/v1/images/generations',
  '/v1/images/edits',
  '/v1/videos',
] as const;
export type BatchEndpoint = (typeof BATCH_ENDPOINTS)[number];

export const BATCH_STATUSES = [
  'validating',
  'failed',
  'in_progress',
  'finalizing',
  'completed',
  'expired',
  'cancelling',
  'cancelled',
] as const;
export type BatchStatus = (typeof BATCH_STATUSES)[number];

/** What a batch that is being closed will be. */
export type BatchOutcome = Extract<BatchStatus, 'completed' | 'expired' | 'cancelled'>;

/** Why a file cannot be run. */
export interface BatchProblem {
  code: string;
  message: string;
  /** Counted from 1; none where it is about the whole file. */
  line?: number;
  param?: string;
}

/** A file of requests that are made by and by. */
export interface Batch {
  /** `batch_…` */
  id: string;
  ownerKeyId: string;
  endpoint: BatchEndpoint;
  inputFileId: string;
  metadata?: Readonly<Record<string, string>>;
  /** Of the files it leaves, counted from when they are made. */
  outputLifeMs?: number;
  /** That all of its requests name; known when the file has been looked through. */
  model?: string;
  status: BatchStatus;
  counts: { total: number; completed: number; failed: number };
  problems: readonly BatchProblem[];
  outputFileId?: string;
  errorFileId?: string;
  createdAtMs: number;
  /** What is not answered by then is not answered. */
  expiresAtMs: number;
  inProgressAtMs?: number;
  finalizingAtMs?: number;
  cancellingAtMs?: number;
  finishedAtMs?: number;
}
