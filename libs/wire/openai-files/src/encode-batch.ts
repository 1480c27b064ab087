import type { Batch, BatchStatus } from '@sluice/contracts/batch';
import type { JsonObject } from '@sluice/contracts/json';

export function encodeBatch(batch: Batch): JsonObject {
  const { status, problems, finishedAtMs } = batch;
  return {
    id: batch.id,
    object: 'batch',
    endpoint: batch.endpoint,
    model: batch.model ?? null,
    errors:
      problems.length === 0
        ? null
        : {
            object: 'list',
            data: problems.map(({ code, message, line, param }) => ({
              code,
              message,
              param: param ?? null,
              line: line ?? null,
            })),
          },
    input_file_id: batch.inputFileId,
    completion_window: '24h',
    status,
    output_file_id: batch.outputFileId ?? null,
    error_file_id: batch.errorFileId ?? null,
    created_at: seconds(batch.createdAtMs),
    in_progress_at: seconds(batch.inProgressAtMs),
    expires_at: seconds(batch.expiresAtMs),
    finalizing_at: seconds(batch.finalizingAtMs),
    cancelling_at: seconds(batch.cancellingAtMs),
    ...endTimes(status, finishedAtMs),
    request_counts: { ...batch.counts },
    metadata: batch.metadata ? { ...batch.metadata } : null,
  };
}

export function encodeBatchList(batches: readonly Batch[], page: { hasMore: boolean }): JsonObject {
  return {
    object: 'list',
    data: batches.map(encodeBatch),
    first_id: batches[0]?.id ?? null,
    last_id: batches.at(-1)?.id ?? null,
    has_more: page.hasMore,
  };
}

/** A line of a file of answers. */
export function encodeLine(line: {
  id: string;
  customId: string;
  status: number;
  requestId: string;
  /** As it was answered. */
  bodyJson: string;
}): string {
  const { id, customId, status, requestId, bodyJson } = line;
  // Some answers are large, and what is written by a JSON writer need not be read again.
  const body = /[\n\r]/.test(bodyJson) ? JSON.stringify(JSON.parse(bodyJson)) : bodyJson;
  const head = JSON.stringify({ id, custom_id: customId }).slice(0, -1);
  const response = JSON.stringify({ status_code: status, request_id: requestId }).slice(0, -1);
  return `${head},"response":${response},"body":${body === '' ? 'null' : body}},"error":null}`;
}

const UNANSWERED = {
  expired: {
    code: 'batch_expired',
    message: 'This request could not be executed before the completion window expired.',
  },
  cancelled: { code: 'batch_cancelled', message: 'This request was not executed: its batch was cancelled.' },
  lost: { code: 'answer_lost', message: 'The answer of this request is not kept any more.' },
  unread: { code: 'request_lost', message: 'This request is not kept any more.' },
} as const;

/** A line of the file of failures for what nobody answered. */
export function encodeUnanswered(line: { id: string; customId: string; reason: keyof typeof UNANSWERED }): string {
  const { id, customId, reason } = line;
  return JSON.stringify({ id, custom_id: customId, response: null, error: UNANSWERED[reason] });
}

function endTimes(status: BatchStatus, finishedAtMs: number | undefined): JsonObject {
  const at = seconds(finishedAtMs);
  return {
    completed_at: status === 'completed' ? at : null,
    failed_at: status === 'failed' ? at : null,
    expired_at: status === 'expired' ? at : null,
    cancelled_at: status === 'cancelled' ? at : null,
  };
}

function seconds(atMs: number | undefined): number | null {
  return atMs === undefined ? null : Math.floor(atMs / 1_000);
}
