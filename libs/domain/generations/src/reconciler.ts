import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import type { Redis } from '@sluice/platform-redis/redis';
import type { DurableBell, Due, StepReason } from './durable-bell.js';
import { type DueStep, listDuePolls, listDueSteps } from './step-statements.js';

export interface ReconcilerOptions {
  postgres: Queryable;
  redis: Redis;
  /** Of all keys in Redis. */
  prefix: string;
  bell: Pick<DurableBell, 'add' | 'addNow' | 'addPoll'>;
  clock: Clock;
}

/** A step so late has no job, or one that will come soon: ringing again is harmless. */
const GRACE_MS = 3_000;
/** Of each upstream, at a time: a backlog is no loss. */
const PAGE = 500;
const FAR_FUTURE = new Date(8.64e15);

/** How far the rows of each upstream were gone through. */
type Places = Map<string, { at: Date; id: string }>;

/** Rings for every row that no live job stands for. A Redis that has lost all is known by a missing key. */
export class Reconciler {
  private places: Places = new Map();

  constructor(private readonly options: ReconcilerOptions) {}

  /** Answers how often it rang. */
  async run(): Promise<number> {
    const { redis, prefix, clock } = this.options;
    const marker = `${prefix}:durable:rung`;
    const isLost = (await redis.set(marker, '1', 'NX')) === 'OK';
    try {
      const until = isLost ? undefined : new Date(clock.now() - GRACE_MS);
      return (await (until ? this.ringLate(until) : this.ringAll())) + (await this.ringPolls(until));
    } catch (error) {
      if (isLost) await redis.del(marker);
      throw error;
    }
  }

  /** One page of each upstream at a time: each run goes on where the last one ended, and starts again at the oldest. */
  private async ringLate(until: Date): Promise<number> {
    const rows = await this.page(until, this.places);
    // Its job may be planned for later: since then an operator has decided, or a clock has gone wrong.
    await Promise.all(rows.map((row) => this.options.bell.addNow(dueOf(row, 0), reasonOf(row))));
    this.places = placesAfter(rows);
    for (const upstream of this.places.keys())
      if (rows.filter((row) => row.queue_upstream === upstream).length < PAGE) this.places.delete(upstream);
    return rows.length;
  }

  private async ringAll(): Promise<number> {
    const { bell, clock } = this.options;
    const places: Places = new Map();
    for (let count = 0; ;) {
      const rows = await this.page(FAR_FUTURE, places);
      if (rows.length === 0) return count;
      const nowMs = clock.now();
      await Promise.all(
        rows.map((row) => {
          // Who waited for a credential has lost its place in the pool's queue, and takes it anew.
          const delayMs = row.state === 'queued' ? 0 : Math.max(0, row.next_step_at.getTime() - nowMs);
          return bell.add(dueOf(row, delayMs), reasonOf(row));
        }),
      );
      count += rows.length;
      for (const [upstream, place] of placesAfter(rows)) places.set(upstream, place);
    }
  }

  private page(until: Date, places: Places): Promise<DueStep[]> {
    const after = [...places].map(([upstream, place]) => ({ upstream, ...place }));
    return listDueSteps.all(this.options.postgres, until, JSON.stringify(after), PAGE);
  }

  private async ringPolls(until: Date | undefined): Promise<number> {
    const rows = await listDuePolls.all(this.options.postgres, until ?? FAR_FUTURE);
    for (const { upstream, credential_id: credentialId } of rows)
      await this.options.bell.addPoll({ upstream, credentialId, delayMs: 0 });
    return rows.length;
  }
}

function placesAfter(rows: readonly DueStep[]): Places {
  return new Map(rows.map((row) => [row.queue_upstream, { at: row.next_step_at, id: row.id }]));
}

function dueOf({ queue_upstream: upstream, id: generationId }: DueStep, delayMs: number): Due {
  return { upstream, generationId, delayMs };
}

function reasonOf({ state, is_cancelling: isCancelling }: DueStep): StepReason {
  if (isCancelling) return 'cancel';
  // The job of the worker that was lost is not to be had before its lock has run out.
  if (state === 'submitting') return 'again';
  return state === 'collecting' ? 'collect' : 'step';
}
