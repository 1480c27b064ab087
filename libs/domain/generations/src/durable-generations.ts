import type { Clock } from '@sluice/contracts/clock';
import {
  type DurableGeneration,
  type DurableKind,
  type DurableState,
  type DurableSubmission,
  isFinal,
  STATUS_OF_STATE,
} from '@sluice/contracts/durable-generation';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { GenerationStatus } from '@sluice/contracts/generation';
import { generationTimeMs } from '@sluice/contracts/generation-id';
import type { Part } from '@sluice/contracts/part';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import type { DurableBell } from './durable-bell.js';
import type { DurableLive } from './durable-live.js';
import type { DurableReader } from './durable-reader.js';
import { toDurableGeneration } from './durable-row.js';
import {
  findDurables,
  listDurablesNewest,
  listDurablesOldest,
  removeDurable,
  requestCancel,
  submitDurable,
} from './durable-statements.js';
import { gatherFinds } from './gather-finds.js';
import { IDEMPOTENCY_MS, type IdempotencyStore } from './idempotency-store.js';
import type { LiveTail } from './live-tail.js';
import { submissionJson } from './submission-json.js';

/** What became of a submission. `replayed`: the same call came before, and this is what it made. */
export type Submission =
  | { type: 'accepted' | 'replayed'; generation: DurableGeneration }
  /** The key was used with another body. */
  | { type: 'mismatch' }
  /** The call that has the key has not got as far as a generation. */
  | { type: 'in-progress' };

export interface DurablePage {
  ownerKeyId: string;
  kinds: readonly DurableKind[];
  /** Goes on after this one, in the order asked for. */
  after?: string;
  order?: 'newest' | 'oldest';
  status?: GenerationStatus;
  /** One more than this is answered where there are more. */
  limit: number;
}

export interface DurableGenerationsOptions {
  postgres: Queryable;
  reader: Pick<DurableReader, 'open'>;
  idempotency: Pick<IdempotencyStore, 'find'>;
  bell: Pick<DurableBell, 'ring' | 'ringFor'>;
  live: Pick<DurableLive, 'tell'>;
  clock: Clock;
}

const CANCELLED: ErrorData = { code: 'cancelled', message: 'Cancelled before it was submitted; nothing was used.' };

/** What a gateway does with durable generations. Another's id is as unknown as none. */
export class DurableGenerations {
  private readonly findRow = gatherFinds((ids) => findDurables.all(this.options.postgres, ids));

  constructor(private readonly options: DurableGenerationsOptions) {}

  /** One transaction: generation, reservation and idempotency key. What it answers is on the disk. */
  async submit(submission: DurableSubmission): Promise<Submission> {
    const { postgres, bell } = this.options;
    const row = await submitDurable.first(
      postgres,
      submissionJson(submission, submission.createdAtMs + IDEMPOTENCY_MS),
    );
    if (row?.accepted_id) {
      const upstream = submission.targets[0]?.upstream ?? '';
      void bell.ring({ upstream, generationId: submission.id, traceparent: submission.traceparent });
      return { type: 'accepted', generation: asAccepted(submission) };
    }
    return this.replay(submission, row?.fingerprint ?? undefined, row?.generation_id ?? undefined);
  }

  /** The row as it is now; thousands may ask at once. */
  async find(id: string, ownerKeyId: string): Promise<DurableGeneration | undefined> {
    if (generationTimeMs(id) === undefined) return undefined;
    const row = await this.findRow(id);
    return row?.owner_key_id === ownerKeyId ? toDurableGeneration(row) : undefined;
  }

  /** Undefined for a cursor that is no generation's id. */
  async list(page: DurablePage): Promise<DurableGeneration[] | undefined> {
    const { ownerKeyId, kinds, after, order = 'newest', status, limit } = page;
    const afterMs = after === undefined ? undefined : generationTimeMs(after);
    if (after !== undefined && afterMs === undefined) return undefined;
    const statement = order === 'newest' ? listDurablesNewest : listDurablesOldest;
    const rows = await statement.all(
      this.options.postgres,
      ownerKeyId,
      kinds,
      afterMs === undefined ? null : new Date(afterMs),
      after ?? null,
      status === undefined ? null : statesOf(status),
      limit + 1,
    );
    return rows.map(toDurableGeneration);
  }

  /** Idempotent. What was submitted is ended by a worker, shortly after. Undefined for an id that is not the owner's. */
  async cancel(id: string, ownerKeyId: string): Promise<DurableGeneration | undefined> {
    const { postgres, bell, live, clock } = this.options;
    const parts: Part[] = [{ type: 'cancelled', reason: CANCELLED.message }];
    const end = JSON.stringify({ error: JSON.stringify(CANCELLED), parts: JSON.stringify(parts) });
    const row = await requestCancel.first(postgres, id, ownerKeyId, new Date(clock.now()), end);
    if (row?.state === 'cancelled') live.tell([{ generationId: id, lastSequence: row.last_sequence, parts }]);
    else if (row) await bell.ringFor({ upstream: row.queue_upstream, generationId: id }, 'cancel');
    return this.find(id, ownerKeyId);
  }

  /** Removes what has ended: first its files, by `deleteFiles`, then all that is known of it but the ledger. */
  async remove(options: {
    id: string;
    ownerKeyId: string;
    deleteFiles(generation: DurableGeneration): Promise<void>;
  }): Promise<'removed' | 'running' | 'missing'> {
    const { id, ownerKeyId, deleteFiles } = options;
    const generation = await this.find(id, ownerKeyId);
    if (!generation) return 'missing';
    if (!isFinal(generation.state)) return 'running';
    await deleteFiles(generation);
    await removeDurable.run(this.options.postgres, id, ownerKeyId);
    return 'removed';
  }

  /** Every event from after a sequence number to the end. The caller has made sure whose it is. */
  tail(id: string, afterSequence: number): Promise<LiveTail> {
    return this.options.reader.open(id, afterSequence);
  }

  /** Of a call whose key was taken before: by the row that the statement saw, or by one that came while it ran. */
  private async replay(
    { idempotency, ownerKeyId }: DurableSubmission,
    fingerprint: string | undefined,
    generationId: string | undefined,
  ): Promise<Submission> {
    if (!idempotency) throw new Error('A submission without a key was neither accepted nor refused.');
    const known =
      fingerprint === undefined
        ? await this.options.idempotency.find(idempotency.scope, idempotency.key)
        : { fingerprint, generationId };
    if (known === undefined) return { type: 'in-progress' };
    if (known.fingerprint !== idempotency.fingerprint) return { type: 'mismatch' };
    const generation = known.generationId === undefined ? undefined : await this.find(known.generationId, ownerKeyId);
    return generation ? { type: 'replayed', generation } : { type: 'in-progress' };
  }
}

function statesOf(status: GenerationStatus): DurableState[] {
  const states = Object.keys(STATUS_OF_STATE) as DurableState[];
  return states.filter((state) => STATUS_OF_STATE[state] === status);
}

/** The row of a submission that was just accepted, without reading it. */
function asAccepted(submission: DurableSubmission): DurableGeneration {
  const { id, ownerKeyId, dialect, model, input, createdAtMs } = submission;
  return {
    id,
    kind: input.kind,
    ownerKeyId,
    dialect,
    model,
    input,
    state: 'queued',
    status: 'queued',
    progress: 0,
    attempt: 0,
    files: [],
    facts: {},
    isCancelling: false,
    createdAtMs,
    lastSequence: 0,
    version: 1,
  };
}
