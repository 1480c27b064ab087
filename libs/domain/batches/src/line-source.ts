import type { BatchEndpoint } from '@sluice/contracts/batch';
import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { type BatchLine, toBatchLine } from './batch-line.js';
import { HOLD_MS } from './batch-limits.js';
import {
  claimEndedLines,
  claimLines,
  holdLines,
  listRunningBatches,
  measureAwaited,
  type RunningRow,
} from './line-statements.js';

/** Endpoints that answer before the work is done, and the work that stands in their queue. */
const AWAITED_KINDS: Partial<Record<BatchEndpoint, string>> = {
  '/v1/videos': 'video',
  '/v1/images/generations': 'image',
  '/v1/images/edits': 'image',
};
/** Of those, all batches together have so many under way: whoever waits for one of their own comes soon. */
const MOST_AWAITED = 16;

/** Takes lines for this process, by turns from every batch that runs. */
export class LineSource {
  /** Whose turn it was. */
  private lastBatchId = '';

  constructor(private readonly options: { postgres: Queryable; clock: Pick<Clock, 'now'>; holder: string }) {}

  /** Lines whose work has ended. */
  async takeEnded(room: number): Promise<BatchLine[]> {
    const { now, until } = this.times();
    const rows = await claimEndedLines.all(this.options.postgres, now, room, this.options.holder, until);
    return rows.map((row) => toBatchLine(row, row));
  }

  /** Answers undefined where no batch runs. */
  async takeNext(room: number): Promise<BatchLine[] | undefined> {
    const { now } = this.times();
    const running = await listRunningBatches.all(this.options.postgres, now);
    if (running.length === 0) return undefined;
    const later = running.filter(({ id }) => id > this.lastBatchId);
    const taken: BatchLine[] = [];
    const share = Math.max(1, Math.ceil(room / running.length));
    for (const batch of [...later, ...running.filter((one) => !later.includes(one))]) {
      if (taken.length >= room) break;
      this.lastBatchId = batch.id;
      taken.push(...(await this.takeOf(batch, Math.min(share, room - taken.length))));
    }
    return taken;
  }

  /** From now on for as long as when they were taken. */
  async hold(lines: readonly BatchLine[]): Promise<void> {
    if (lines.length === 0) return;
    const { postgres, holder } = this.options;
    const batches = lines.map(({ batchId }) => batchId);
    await holdLines.run(
      postgres,
      batches,
      lines.map(({ number }) => number),
      holder,
      this.times().until,
    );
  }

  private async takeOf(batch: RunningRow, most: number): Promise<BatchLine[]> {
    const { postgres, holder } = this.options;
    const kind = AWAITED_KINDS[batch.endpoint];
    const limit = kind === undefined ? most : Math.min(most, await this.roomBeside(kind));
    if (limit <= 0) return [];
    const { now, until } = this.times();
    const rows = await claimLines.all(postgres, batch.id, now, limit, holder, until);
    return rows.map((row) => toBatchLine(row, batch));
  }

  /** None while anybody else waits for such work to begin. */
  private async roomBeside(kind: string): Promise<number> {
    const measured = await measureAwaited.first(this.options.postgres, kind);
    return !measured || measured.isWaitedFor ? 0 : MOST_AWAITED - measured.awaited;
  }

  private times(): { now: Date; until: Date } {
    const nowMs = this.options.clock.now();
    return { now: new Date(nowMs), until: new Date(nowMs + HOLD_MS) };
  }
}
