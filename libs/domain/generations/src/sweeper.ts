import type { Clock } from '@sluice/contracts/clock';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { ResultFile } from '@sluice/contracts/stored-media';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import type { DurableChange } from './durable-change.js';
import type { DurableSteps } from './durable-steps.js';
import type { IdempotencyStore } from './idempotency-store.js';
import { forgetFiles, listOutdatedFiles, listOverdue, postponeFiles } from './step-statements.js';

export interface SweeperOptions {
  postgres: Queryable;
  steps: Pick<DurableSteps, 'advance'>;
  idempotency: Pick<IdempotencyStore, 'purge'>;
  deleteFile(key: string): Promise<unknown>;
  clock: Clock;
  /** So long after its deadline what runs at an upstream is given up; until then its poll may see the end. */
  lateMs: number;
}

const PAGE = 500;
const DELETE_AGAIN_MS = 60 * 60_000;

/** Ends what is past its time, and forgets what is kept no longer. */
export class Sweeper {
  constructor(private readonly options: SweeperOptions) {}

  /** Answers how many it ended. */
  async expire(): Promise<number> {
    const { postgres, steps, clock, lateMs } = this.options;
    const now = clock.now();
    const rows = await listOverdue.all(postgres, new Date(now), new Date(now - lateMs), PAGE);
    const moved = await steps.advance(rows.map(expiryOf));
    return moved.size;
  }

  /** Answers how many keys are gone. */
  forgetKeys(): Promise<number> {
    return this.options.idempotency.purge(PAGE * 10);
  }

  /**
   * Deletes files that are past their retention; their generations stay, without them. What could not be deleted is told when
   * all others are gone, and tried again later.
   */
  async dropFiles(): Promise<number> {
    const { postgres, deleteFile, clock } = this.options;
    const rows = await listOutdatedFiles.all(postgres, new Date(clock.now()), PAGE);
    const gone: string[] = [];
    const kept: string[] = [];
    const errors: unknown[] = [];
    for (const { id, files } of rows) {
      try {
        for (const { media } of JSON.parse(files) as ResultFile[]) await deleteFile(media.key);
        gone.push(id);
      } catch (error) {
        kept.push(id);
        errors.push(error);
      }
    }
    if (gone.length > 0) await forgetFiles.run(postgres, gone);
    if (kept.length === 0) return gone.length;
    // Not at the head of the next page again: many of them would hide all others.
    await postponeFiles.run(postgres, kept, new Date(clock.now() + DELETE_AGAIN_MS));
    throw new AggregateError(errors, `The files of ${kept.length} generations could not be deleted.`);
  }
}

/** Nobody was paid for what only waited. */
export function expiryOf({
  id,
  state,
  attempt,
}: Pick<DurableChange, 'id'> & { state: string; attempt: number }): DurableChange {
  const isSubmitted = state !== 'queued';
  const error: ErrorData = {
    code: 'deadline_exceeded',
    message: isSubmitted
      ? 'The upstream did not finish it before its deadline.'
      : 'No account was free for it before its deadline; nothing was used.',
  };
  return {
    id,
    expected: isSubmitted ? ['submitted', 'collecting'] : ['queued'],
    attempt,
    state: 'expired',
    error,
    ...(!isSubmitted && { used: 0 }),
    parts: [{ type: 'failed', error }],
  };
}
