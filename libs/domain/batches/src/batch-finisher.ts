import { createHash } from 'node:crypto';
import type { BatchOutcome } from '@sluice/contracts/batch';
import type { Clock } from '@sluice/contracts/clock';
import { randomHex } from '@sluice/contracts/generation-id';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { withTransaction } from '@sluice/platform-postgres/transaction';
import { BATCH_FOLDER } from './batch-folder.js';
import type { BatchRow } from './batch-row.js';
import { finishBatch } from './batch-statements.js';
import { type AnswerRow, countOpenLines, dropBatchLines, listAwaitedLines, pageAnswers } from './line-statements.js';

/** A line that has no answer. */
export interface UnansweredLine {
  id: string;
  customId: string;
  reason: Exclude<BatchOutcome, 'completed'> | 'lost';
}

/** A file that a batch leaves. */
export interface LeftFile {
  ownerKeyId: string;
  media: StoredMedia;
  filename: string;
  /** Absent: the default. */
  lifeMs: number | undefined;
}

export interface BatchFinisherOptions {
  postgres: Postgres;
  media: MediaStore;
  clock: Pick<Clock, 'now'>;
  holder: string;
  /** A line of the file of failures. */
  encodeUnanswered(line: UnansweredLine): string;
  /** Answers the file's id; within the transaction that ends the batch. */
  keepFile(transaction: Queryable, file: LeftFile): Promise<string>;
  /** Stops what goes on for a batch that nobody waits for. */
  cancelGeneration(generationId: string, ownerKeyId: string): Promise<unknown>;
}

/** What runs when a batch is closed has so long to end; as OpenAI has it. */
const LONGEST_CLOSING_MS = 10 * 60_000;
const PAGE_LINES = 100;
const LARGEST_OUTPUT_BYTES = 512 * 1024 * 1024 * 1024;

/** Writes the answers of a closed batch into files, line after line in the order of its own file, and ends it. */
export class BatchFinisher {
  constructor(private readonly options: BatchFinisherOptions) {}

  /** False where some of it is still being made. */
  async finish(batch: BatchRow, signal: AbortSignal): Promise<boolean> {
    if (await this.isBusy(batch)) return false;
    const { media } = this.options;
    const output = await this.write(batch, 'output', signal);
    const errors = await this.write(batch, 'error', signal);
    signal.throwIfAborted();
    try {
      await this.commit(batch, { output, errors });
    } catch (error) {
      // Of files that no row names the sweep of files knows.
      if (error instanceof LostBatch) return true;
      throw error;
    }
    for await (const { key } of media.list(`${BATCH_FOLDER}${batch.id}/`)) await media.delete(key);
    return true;
  }

  private async isBusy({ id, owner_key_id: owner, ...batch }: BatchRow): Promise<boolean> {
    const { postgres, clock, cancelGeneration } = this.options;
    const closedAt = batch.cancelling_at ?? batch.finalizing_at;
    const open = await countOpenLines.first(postgres, id, new Date(clock.now()));
    if (!open || open.held + open.awaited === 0) return false;
    if (closedAt && clock.now() - closedAt.getTime() > LONGEST_CLOSING_MS) return false;
    if (open.awaited > 0)
      for (const line of await listAwaitedLines.all(postgres, id)) await cancelGeneration(line.generation_id, owner);
    return true;
  }

  /** Undefined where it would hold nothing. */
  private async write(
    batch: BatchRow,
    kind: 'output' | 'error',
    signal: AbortSignal,
  ): Promise<StoredMedia | undefined> {
    // A file that was not found fit to run leaves none.
    if (batch.total === 0) return undefined;
    const isSucceeded = kind === 'output';
    if (!(await pageAnswers.first(this.options.postgres, batch.id, 0, isSucceeded, 1))) return undefined;
    const filename = `${batch.id}_${kind}.jsonl`;
    const key = `files/${batch.id}-${kind}-${randomHex(12)}.jsonl`;
    const mediaType = 'application/jsonl';
    const body = this.linesOf(batch, { isSucceeded, signal });
    const { bytes } = await this.options.media.put({ key, mediaType, body, maximumBytes: LARGEST_OUTPUT_BYTES });
    return { key, mediaType, bytes, filename };
  }

  private async *linesOf(batch: BatchRow, { isSucceeded, signal }: { isSucceeded: boolean; signal: AbortSignal }) {
    for (let after = 0; ;) {
      signal.throwIfAborted();
      const rows = await pageAnswers.all(this.options.postgres, batch.id, after, isSucceeded, PAGE_LINES);
      const last = rows.at(-1);
      if (!last) return;
      for (const row of rows) {
        yield* this.answerOf(batch, row);
        yield Buffer.from('\n');
      }
      after = last.number;
    }
  }

  private async *answerOf(batch: BatchRow, row: AnswerRow): AsyncGenerator<Uint8Array> {
    const kept = row.answer_key === null ? undefined : await this.options.media.get(row.answer_key);
    if (kept) yield* kept.body;
    else if (row.answer !== null) yield Buffer.from(row.answer);
    else {
      const reason = row.is_failed === null ? unansweredReason(batch) : 'lost';
      const line = { id: lineId(batch.id, row.number), customId: row.custom_id, reason } as const;
      yield Buffer.from(this.options.encodeUnanswered(line));
    }
  }

  private commit(batch: BatchRow, files: { output: StoredMedia | undefined; errors: StoredMedia | undefined }) {
    const { postgres, clock, holder, keepFile } = this.options;
    const keep = async (transaction: Queryable, media: StoredMedia | undefined) => {
      if (!media) return null;
      const { owner_key_id: ownerKeyId, output_life_ms: lifeMs } = batch;
      const filename = media.filename ?? batch.id;
      return keepFile(transaction, { ownerKeyId, media, filename, lifeMs: lifeMs ?? undefined });
    };
    return withTransaction(postgres, async (transaction) => {
      const outputId = await keep(transaction, files.output);
      const errorId = await keep(transaction, files.errors);
      const now = new Date(clock.now());
      if (!(await finishBatch.first(transaction, batch.id, holder, outputId, errorId, now))) throw new LostBatch();
      await dropBatchLines.run(transaction, batch.id);
    });
  }
}

/** The same each time that it is told. */
export function lineId(batchId: string, number: number): string {
  return `batch_req_${createHash('sha256').update(`${batchId} ${number}`).digest('hex').slice(0, 32)}`;
}

function unansweredReason({ outcome }: BatchRow): UnansweredLine['reason'] {
  return outcome === 'cancelled' ? 'cancelled' : 'expired';
}

/** Another has it by now. */
class LostBatch extends Error {}
