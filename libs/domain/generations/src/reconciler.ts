import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import type { Redis } from '@sluice/platform-redis/redis';
import type { DurableBell, Due, StepReason } from './durable-bell.js';
import { listDuePolls, listDueSteps } from './step-statements.js';

export interface ReconcilerOptions {
  postgres: Queryable;
  redis: Redis;
  /** Of all keys in Redis. */
  prefix: string;
  bell: Pick<DurableBell, 'add' | 'addPoll'>;
  clock: Clock;
}

/** A step so late has no job, or one that will come soon: ringing again is harmless. */
const GRACE_MS = 3_000;
const PAGE = 500;
/** Late steps are looked at so many at a time: a backlog is no loss. */
const LATE_PAGES = 4;
const FAR_FUTURE = new Date(8.64e15);

/** Rings for every row that no live job stands for. A Redis that has lost all is known by a missing key. */
export class Reconciler {
  constructor(private readonly options: ReconcilerOptions) {}

  /** Answers how often it rang. */
  async run(): Promise<number> {
    const { redis, prefix, clock } = this.options;
    const marker = `${prefix}:durable:rung`;
    const isLost = (await redis.set(marker, '1', 'NX')) === 'OK';
    try {
      const until = isLost ? undefined : new Date(clock.now() - GRACE_MS);
      return (await this.ringSteps(until)) + (await this.ringPolls(until));
    } catch (error) {
      if (isLost) await redis.del(marker);
      throw error;
    }
  }

  private async ringSteps(until: Date | undefined): Promise<number> {
    const { postgres, bell, clock } = this.options;
    let count = 0;
    let after = { at: new Date(0), id: '' };
    for (let page = 0; until === undefined || page < LATE_PAGES; page += 1) {
      const rows = await listDueSteps.all(postgres, until ?? FAR_FUTURE, after.at, after.id, PAGE);
      const nowMs = clock.now();
      await Promise.all(
        rows.map((row) => {
          // Who waited for a credential has lost its place in the pool's queue, and takes it anew.
          const delayMs = row.state === 'queued' ? 0 : Math.max(0, row.next_step_at.getTime() - nowMs);
          const due: Due = { upstream: row.queue_upstream, generationId: row.id, delayMs };
          return bell.add(due, reasonOf(row));
        }),
      );
      count += rows.length;
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) break;
      after = { at: last.next_step_at, id: last.id };
    }
    return count;
  }

  private async ringPolls(until: Date | undefined): Promise<number> {
    const rows = await listDuePolls.all(this.options.postgres, until ?? FAR_FUTURE);
    for (const { upstream, credential_id: credentialId } of rows)
      await this.options.bell.addPoll({ upstream, credentialId, delayMs: 0 });
    return rows.length;
  }
}

function reasonOf({ state, is_cancelling: isCancelling }: { state: string; is_cancelling: boolean }): StepReason {
  if (isCancelling) return 'cancel';
  // The job of the worker that was lost is not to be had before its lock has run out.
  if (state === 'submitting') return 'again';
  return state === 'collecting' ? 'collect' : 'step';
}
