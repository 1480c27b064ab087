import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import type { DurableState } from '@sluice/contracts/durable-generation';
import { type Operation, operationKey } from '@sluice/contracts/operation';
import type { Target } from '@sluice/contracts/route';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { isUniqueViolation, sqlStateOf } from '@sluice/platform-postgres/postgres-fault';
import { type DurableChange, encodeChange } from './durable-change.js';
import type { DurableLive } from './durable-live.js';
import { type DurableStep, toDurableStep } from './durable-step.js';
import { gatherWrites } from './gather-writes.js';
import {
  advanceDurable,
  findAttempt,
  findOperationOwner,
  findStep,
  intendSubmission,
  listOwnedOperations,
  listPolls,
  nextPoll,
  type PollRow,
} from './step-statements.js';

/** A row that moved as it was told to. */
export interface Moved {
  state: DurableState;
  attempt: number;
  lastSequence: number;
}

/** An attempt that may now be made. */
export interface Intended {
  attempt: number;
  /** The end of the log that it goes on. */
  lastSequence: number;
}

export interface Intent {
  step: Pick<DurableStep, 'id' | 'attempt'>;
  lease: Pick<Lease, 'id' | 'credentialId' | 'epoch'>;
  target: Target;
  baseUrl: string;
  /** When somebody else shall look, should this worker be lost. */
  lookAtMs: number;
}

/** Where an operation is. */
export interface OperationPlace {
  upstream: string;
  baseUrl: string;
  operation: Operation;
}

const DEADLOCK = '40P01';
const MOST_TRIES = 3;
/**
 * Whose intent is so much older has no work that was begun with ours, however much the clocks differ. Where a vendor tells no
 * times, an older one may be found; the index of operations gives it to nobody twice.
 */
const OWNED_SINCE_MS = 60 * 60_000;

/** The state machine as workers use it: each write is one statement, and tells who follows the log. */
export class DurableSteps {
  private readonly gathered = gatherWrites((changes: readonly DurableChange[]) => this.advance(changes));

  constructor(private readonly options: { postgres: Queryable; live: Pick<DurableLive, 'tell'>; clock: Clock }) {}

  async find(id: string): Promise<DurableStep | undefined> {
    const row = await findStep.first(this.options.postgres, id);
    return row && toDurableStep(row);
  }

  /** Undefined where somebody newer has the row. */
  async intend({ step, lease, target, baseUrl, lookAtMs }: Intent): Promise<Intended | undefined> {
    const { postgres, clock } = this.options;
    const { id: leaseId, credentialId, epoch } = lease;
    const now = new Date(clock.now());
    const intended = await intendSubmission.first(
      postgres,
      step.id,
      step.attempt,
      epoch,
      leaseId,
      credentialId,
      baseUrl,
      target.upstream,
      target.model,
      now,
      new Date(lookAtMs),
    );
    return intended && { attempt: intended.attempt, lastSequence: intended.last_sequence };
  }

  /** The attempt that was intended by an `intend` whose answer was lost; undefined where it is not the row's last. */
  async findIntended({ step, lease }: Pick<Intent, 'step' | 'lease'>): Promise<Intended | undefined> {
    const row = await findAttempt.first(this.options.postgres, step.id);
    const attempt = step.attempt + 1;
    if (row?.attempt !== attempt || row.epoch !== lease.epoch || row.state !== 'submitting') return undefined;
    return { attempt, lastSequence: row.last_sequence };
  }

  /** Whether an attempt that was intended may still be made: nobody newer has the row. */
  async isCurrent({ id, attempt, epoch }: { id: string; attempt: number; epoch: number }): Promise<boolean> {
    const row = await findAttempt.first(this.options.postgres, id);
    return row?.attempt === attempt && row.epoch === epoch && row.state === 'submitting';
  }

  /** Those that moved; the others were changed by somebody newer. Throws where an operation has an owner already. */
  async advance(changes: readonly DurableChange[]): Promise<Map<string, Moved>> {
    if (changes.length === 0) return new Map();
    const { postgres, live, clock } = this.options;
    const json = JSON.stringify(changes.toSorted((left, right) => (left.id < right.id ? -1 : 1)).map(encodeChange));
    const rows = await againOnDeadlock(() => advanceDurable.all(postgres, json, new Date(clock.now())));
    const moved = new Map<string, Moved>();
    for (const { id, state, attempt, last_sequence: lastSequence } of rows)
      moved.set(id, { state, attempt, lastSequence });
    live.tell(
      changes.flatMap(({ id, parts = [] }) => {
        const lastSequence = moved.get(id)?.lastSequence;
        return lastSequence === undefined ? [] : [{ generationId: id, lastSequence, parts }];
      }),
    );
    return moved;
  }

  /** `advance` of one; undefined where it did not move. */
  advanceOne(change: DurableChange): Promise<Moved | undefined> {
    return this.gathered(change);
  }

  /** As `advanceOne` for a change that brings a new operation; `taken` where another row owns that one. */
  async adopt(change: DurableChange): Promise<Moved | undefined | 'taken'> {
    try {
      return (await this.advance([{ ...change, isOwner: true }])).get(change.id);
    } catch (error) {
      if (isUniqueViolation(error)) return 'taken';
      throw error;
    }
  }

  /** Whether any generation has an operation; one that nobody has is paid for nothing. */
  async hasOwner({ upstream, baseUrl, operation }: OperationPlace): Promise<boolean> {
    const key = operationKey(operation);
    return (await findOperationOwner.first(this.options.postgres, upstream, baseUrl, key)) !== undefined;
  }

  /** What is due for a look under a credential in a time, the longest waiting first. */
  polls(credentialId: string, due: { afterMs?: number; untilMs: number; limit: number }): Promise<PollRow[]> {
    const { afterMs = 0, untilMs, limit } = due;
    return listPolls.all(this.options.postgres, credentialId, new Date(afterMs), new Date(untilMs), limit);
  }

  /** When the next look is due; undefined where nothing runs. */
  async nextPollMs(credentialId: string): Promise<number | undefined> {
    return (await nextPoll.first(this.options.postgres, credentialId))?.next_at?.getTime();
  }

  /** Keys of the operations that other generations own at the same place. */
  async ownedByOthers(step: DurableStep): Promise<Set<string>> {
    const { place } = step;
    if (!place) return new Set();
    const since = new Date(place.submittedAtMs - OWNED_SINCE_MS);
    const rows = await listOwnedOperations.all(this.options.postgres, place.upstream, place.baseUrl, step.id, since);
    return new Set(rows.map(({ operation_key: key }) => key));
  }
}

/** Two batches that meet in another order are no failure: one of them goes again. */
async function againOnDeadlock<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (sqlStateOf(error) !== DEADLOCK || tries === MOST_TRIES) throw error;
    }
  }
}
