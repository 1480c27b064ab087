import type { BatchProblem } from '@sluice/contracts/batch';
import type { Clock } from '@sluice/contracts/clock';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { inputCopyKey } from './batch-folder.js';
import { LARGEST_FILE_BYTES } from './batch-limits.js';
import type { BatchRow } from './batch-row.js';
import { beginBatch, failBatch } from './batch-statements.js';
import { FileInspector, type InspectedLine, type LineReading } from './file-inspector.js';
import { dropBatchLines, insertBatchLines } from './line-statements.js';

export interface BatchIntakeOptions {
  postgres: Queryable;
  media: MediaStore;
  clock: Pick<Clock, 'now'>;
  holder: string;
  /** In the words of the dialect that files are written in. */
  readLine(text: string, endpoint: BatchRow['endpoint']): LineReading;
}

/** The event loop has others to serve between two of these. */
const PIECE_BYTES = 64 * 1024;

/** Looks through the file of a batch, and copies it meanwhile: its owner may delete it at any time. */
export class BatchIntake {
  constructor(private readonly options: BatchIntakeOptions) {}

  /** Whoever lost the batch on the way changes nothing. */
  async validate(batch: BatchRow, signal: AbortSignal): Promise<void> {
    const { postgres, media, clock, holder } = this.options;
    const { problems, total, model } = await this.inspect(batch, signal);
    const now = new Date(clock.now());
    if (problems.length === 0) {
      await beginBatch.run(postgres, batch.id, holder, total, model ?? null, now);
      return;
    }
    await media.delete(inputCopyKey(batch.id));
    if ((await failBatch.run(postgres, batch.id, holder, JSON.stringify(problems), now)) > 0)
      await dropBatchLines.run(postgres, batch.id);
  }

  private async inspect({ id, endpoint, input_key: key }: BatchRow, signal: AbortSignal) {
    const { postgres, media, clock, readLine } = this.options;
    const file = await media.get(key);
    if (!file) return refused('file_not_found', 'The file is not there any more.');
    if (file.info.bytes > LARGEST_FILE_BYTES)
      return refused('file_too_large', `A batch's file has at most ${LARGEST_FILE_BYTES} bytes.`);
    await dropBatchLines.run(postgres, id);
    const inspector = new FileInspector({
      readLine: (text) => readLine(text, endpoint),
      keep: (lines) => insertLines(postgres, id, { lines, now: new Date(clock.now()) }),
    });
    await media.put({
      key: inputCopyKey(id),
      mediaType: 'application/jsonl',
      body: inspected(file.body, inspector, signal),
      maximumBytes: LARGEST_FILE_BYTES,
    });
    return inspector;
  }
}

async function* inspected(body: AsyncIterable<Uint8Array>, inspector: FileInspector, signal: AbortSignal) {
  for await (const chunk of body) {
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      signal.throwIfAborted();
      const piece = chunk.subarray(from, from + PIECE_BYTES);
      await inspector.take(piece);
      if (inspector.isFull) return;
      yield piece;
    }
  }
  await inspector.end();
}

async function insertLines(
  postgres: Queryable,
  batchId: string,
  { lines, now }: { lines: readonly InspectedLine[]; now: Date },
): Promise<void> {
  await insertBatchLines.run(
    postgres,
    batchId,
    lines.map(({ number }) => number),
    lines.map(({ customId }) => customId),
    lines.map(({ position }) => position),
    lines.map(({ length }) => length),
    now,
  );
}

function refused(code: string, message: string) {
  const problems: BatchProblem[] = [{ code, message, param: 'input_file_id' }];
  return { problems, total: 0, model: undefined };
}
