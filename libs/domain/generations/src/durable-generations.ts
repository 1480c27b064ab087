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
import { firstIdAt, generationTimeMs } from '@sluice/contracts/generation-id';
import type { Part } from '@sluice/contracts/part';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { withTransaction } from '@sluice/platform-postgres/transaction';
import type { DurableBell } from './durable-bell.js';
import type { DurableLive } from './durable-live.js';
import type { DurableReader } from './durable-reader.js';
import { toDurableGeneration } from './durable-row.js';
import {
  countDurables,
  findDurables,
  findHiddenCharacters,
  findUserOf,
  listDurablesNewest,
  listDurablesOldest,
  noteFacts,
  pageDurables,
  purgeChats,
  purgeDurables,
  purgeLedger,
  removeDurable,
  requestCancel,
  submitDurable,
  submitDurables,
} from './durable-statements.js';
import { gatherFinds } from './gather-finds.js';
import { gatherWrites } from './gather-writes.js';
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

/** A page by its number, for clients that count pages. */
export interface NumberedPage {
  ownerKeyId: string;
  kinds: readonly DurableKind[];
  statuses: readonly GenerationStatus[];
  /** From 1. */
  page: number;
  limit: number;
}

export interface DurableGenerationsOptions {
  postgres: Postgres;
  reader: Pick<DurableReader, 'open'>;
  idempotency: Pick<IdempotencyStore, 'find'>;
  bell: Pick<DurableBell, 'ring' | 'ringFor'>;
  live: Pick<DurableLive, 'tell'>;
  clock: Clock;
}

/** What is to be there if, and only if, the generation is. */
export type Alongside = (transaction: Queryable) => Promise<void>;

const PURGE_BATCH = 500;
const CANCELLED: ErrorData = { code: 'cancelled', message: 'Cancelled before it was submitted; nothing was used.' };

/** What a gateway does with durable generations. Another's id is as unknown as none. */
export class DurableGenerations {
  /** Those that stand for themselves alone. */
  private readonly writeGathered = gatherWrites(async (submissions: readonly DurableSubmission[]) => {
    await submitDurables.run(this.options.postgres, `[${submissions.map(toJson).join(',')}]`);
    return new Map(submissions.map(({ id }) => [id, { accepted_id: id, fingerprint: null, generation_id: null }]));
  });

  private readonly findRow = gatherFinds((ids) => findDurables.all(this.options.postgres, ids));

  constructor(private readonly options: DurableGenerationsOptions) {}

  /**
   * One transaction: generation, reservation and idempotency key, and what the caller writes beside them, of an accepted one
   * only. What it answers is on the disk.
   */
  async submit(submission: DurableSubmission, alongside?: Alongside): Promise<Submission> {
    const { bell } = this.options;
    const row = await this.write(submission, alongside);
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

  /** Whose it is: for operators alone. */
  async ownerOf(id: string): Promise<string | undefined> {
    return generationTimeMs(id) === undefined ? undefined : (await this.findRow(id))?.owner_key_id;
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

  /** The newest first, and how many there are in all. */
  async page(page: NumberedPage): Promise<{ generations: DurableGeneration[]; total: number }> {
    const { postgres } = this.options;
    const { ownerKeyId, kinds, limit } = page;
    const states = page.statuses.flatMap((status) => statesOf(status));
    const [rows, count] = await Promise.all([
      pageDurables.all(postgres, ownerKeyId, kinds, states, limit, (page.page - 1) * limit),
      countDurables.first(postgres, ownerKeyId, kinds, states),
    ]);
    return { generations: rows.map(toDurableGeneration), total: count?.total ?? 0 };
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

  /** Whether something of the same owner that is still being made starts from it, under its own id or its upstream's. */
  async isNeeded({ id, ownerKeyId, facts }: Pick<DurableGeneration, 'id' | 'ownerKeyId' | 'facts'>): Promise<boolean> {
    const { draft } = facts;
    const names = typeof draft === 'string' ? [id, draft] : [id];
    return (await findUserOf.first(this.options.postgres, ownerKeyId, names)) !== undefined;
  }

  /** Of these characters, as their accounts call them, those that are others' and hidden. */
  async hiddenFrom(ownerKeyId: string, characterIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await findHiddenCharacters.all(this.options.postgres, ownerKeyId, characterIds);
    return new Set(rows.map(({ id }) => id));
  }

  /** Writes down what has changed about a result: all of its facts. */
  async noteFacts({ id, ownerKeyId, facts }: Pick<DurableGeneration, 'id' | 'ownerKeyId' | 'facts'>): Promise<void> {
    await noteFacts.run(this.options.postgres, id, ownerKeyId, JSON.stringify(facts));
  }

  /** Removes conversations that ended so long ago; answers how many. */
  async purgeChats(keptMs: number): Promise<number> {
    const before = new Date(this.options.clock.now() - keptMs);
    return inBatches(() => purgeChats.all(this.options.postgres, before, PURGE_BATCH));
  }

  /**
   * Forgets what ended so long ago, once its files are gone: rows, logs and keys, and the lines in the ledger of all that is
   * gone. Answers how many generations that were.
   */
  async purge(keptMs: number): Promise<number> {
    const beforeMs = this.options.clock.now() - keptMs;
    const purge = (statement: typeof purgeDurables) =>
      inBatches(() => statement.all(this.options.postgres, new Date(beforeMs), firstIdAt(beforeMs), PURGE_BATCH));
    const removed = await purge(purgeDurables);
    await purge(purgeLedger);
    return removed;
  }

  /** Every event from after a sequence number to the end. The caller has made sure whose it is. */
  tail(id: string, afterSequence: number): Promise<LiveTail> {
    return this.options.reader.open(id, afterSequence);
  }

  private write(submission: DurableSubmission, alongside: Alongside | undefined) {
    const { postgres } = this.options;
    if (!alongside && !submission.idempotency) return this.writeGathered(submission);
    if (!alongside) return submitDurable.first(postgres, toJson(submission));
    return withTransaction(postgres, async (transaction) => {
      const submitted = await submitDurable.first(transaction, toJson(submission));
      if (submitted?.accepted_id) await alongside(transaction);
      return submitted;
    });
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

/** Again and again, until there is less than a batch of it; answers how much there was. */
async function inBatches(remove: () => Promise<readonly unknown[]>): Promise<number> {
  for (let total = 0; ;) {
    const { length } = await remove();
    total += length;
    if (length < PURGE_BATCH) return total;
  }
}

function toJson(submission: DurableSubmission): string {
  return submissionJson(submission, submission.createdAtMs + IDEMPOTENCY_MS);
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
