import { setMaxListeners } from 'node:events';
import type { Lease } from '@sluice/contracts/credential';
import { type ErrorData, toGatewayError } from '@sluice/contracts/gateway-error';
import type { PollCredential } from '@sluice/contracts/jobs';
import type { Operation } from '@sluice/contracts/operation';
import type { LeaseOutcome } from '@sluice/domain-credentials/credential-source';
import type { DurableChange } from '@sluice/domain-generations/durable-change';
import type { PollRow } from '@sluice/domain-generations/step-statements';
import type { JobHandle, JobOutcome } from '@sluice/platform-queue/job-handle';
import type { OperationStep } from '@sluice/upstream-kit/job';
import { ownerContext } from './durable-context.js';
import type { DurableDeps } from './durable-deps.js';
import { jobOf } from './durable-job.js';
import { changeOf, pollIntervalMs, type RunningWork } from './operation-change.js';
import { settleWork } from './settle-work.js';
import { keepPreview } from './previews.js';
import { USE_OF_DURABLE } from './step-submit.js';

/** Rows of one read, and operations of one call. */
const ROWS_PER_READ = 2_000;
const OPERATIONS_PER_CALL = 200;
const CALLS_AT_ONCE = 4;
/** From so many on an adapter may list its account, which tells of others in passing: of so many, those due next. */
const IN_PASSING_FROM = 16;
const MOST_IN_PASSING = 200;
const IN_PASSING_WITHIN_MS = 60 * 60_000;
/** What is due so soon is looked at together with what is due now. */
const SLACK_MS = 400;
const STORE_PAUSE_MS = 1_000;
/** A credential whose last work has ended is looked at once more: a job that is here hides a new one. */
const LINGER_MS = 2_000;

/** One look at all that runs under a credential: one read, one call for many operations, one write. */
export class PollRunner<Credential> {
  constructor(private readonly deps: DurableDeps<Credential>) {}

  async run(
    { credentialId }: PollCredential,
    job: Pick<JobHandle, 'signal'> & { attempt?: number },
  ): Promise<JobOutcome> {
    const { clock, steps, timing, onUnexpected } = this.deps;
    try {
      for (let read = ROWS_PER_READ; read === ROWS_PER_READ && !job.signal.aborted;)
        read = await this.look(credentialId, job.signal);
      const nextMs = await steps.nextPollMs(credentialId);
      const now = clock.now();
      if (nextMs === undefined) return this.linger(credentialId, now);
      this.idle.delete(credentialId);
      const delayUntilMs = Math.min(Math.max(nextMs, now + timing.shortestTickMs), now + timing.longestPollMs);
      return { type: 'put-back', delayUntilMs };
    } catch (error) {
      if (toGatewayError(error).code !== 'unavailable') onUnexpected(error, `poll of ${credentialId}`);
      return { type: 'put-back', delayUntilMs: clock.now() + STORE_PAUSE_MS };
    }
  }

  /** Credentials that were found without work in this process's last look. */
  private readonly idle = new Set<string>();

  private linger(credentialId: string, now: number): JobOutcome {
    if (this.idle.delete(credentialId)) return { type: 'done' };
    this.idle.add(credentialId);
    return { type: 'put-back', delayUntilMs: now + LINGER_MS };
  }

  /** Answers how many rows were read. */
  private async look(credentialId: string, signal: AbortSignal): Promise<number> {
    const { steps, clock, upstream } = this.deps;
    const untilMs = clock.now() + SLACK_MS;
    const rows = await steps.polls(credentialId, { untilMs, limit: ROWS_PER_READ });
    if (rows.length === 0) return 0;
    const canPoll = rows.some(({ kind }) => jobOf(upstream, kind)?.poll);
    const account = canPoll ? await this.open(credentialId) : undefined;
    if (!account) {
      await this.postpone(rows, undefined);
      return rows.length;
    }
    let outcome: LeaseOutcome = { type: 'abandoned' };
    try {
      const calls = inCalls(rows, await this.notDue(credentialId, rows, untilMs));
      const lane = async () => {
        for (let call = calls.shift(); call && !signal.aborted; call = calls.shift()) {
          const error = await this.call(credentialId, call, { lease: account.lease, signal });
          if (error) outcome = { type: 'failed', error };
          else if (outcome.type === 'abandoned') outcome = { type: 'succeeded' };
        }
      };
      await Promise.all(Array.from({ length: CALLS_AT_ONCE }, lane));
    } finally {
      await account.close(outcome);
    }
    return rows.length;
  }

  /** What runs as well, where a look at what is due may tell of it. */
  private async notDue(credentialId: string, due: readonly PollRow[], afterMs: number): Promise<PollRow[]> {
    if (due.length < IN_PASSING_FROM || due.length === ROWS_PER_READ) return [];
    const untilMs = afterMs + IN_PASSING_WITHIN_MS;
    const others = await this.deps.steps.polls(credentialId, { afterMs, untilMs, limit: MOST_IN_PASSING });
    // What has been put off between the two reads is in both.
    const ids = new Set(due.map(({ id }) => id));
    return others.filter(({ id }) => !ids.has(id));
  }

  /** A lease where the pool gives one, so that it learns how this went; what rests is asked all the same: its work is paid. */
  private async open(credentialId: string) {
    const { source, upstream } = this.deps;
    const request = {
      upstream: upstream.manifest.id,
      use: 'upkeep',
      model: '',
      generationId: '',
      pinned: credentialId,
    } as const;
    const answer = await source.lease(request).catch(() => undefined);
    if (answer?.type === 'leased') {
      const { lease } = answer;
      return { lease, close: (outcome: LeaseOutcome) => source.release(lease, outcome) };
    }
    const lease = source.open(credentialId);
    return lease && { lease, close: async () => {} };
  }

  /** One call; undefined, or why nothing could be learnt. */
  private async call(
    credentialId: string,
    { rows, others }: PollCall,
    where: { lease: Lease; signal: AbortSignal },
  ): Promise<ErrorData | undefined> {
    const { upstream, timing, clock, steps } = this.deps;
    const all = [...rows, ...others];
    const works = all.map(toWork);
    let results: readonly (OperationStep | undefined)[];
    try {
      results = await this.ask(works, { ...where, dueCount: rows.length, row: rows[0] });
    } catch (thrown) {
      const error = toGatewayError(thrown);
      if (error.code === 'internal') this.deps.onUnexpected(thrown, `poll of ${credentialId}`);
      await this.postpone(rows, error.data);
      return error.data;
    }
    const nowMs = clock.now();
    const changes = works.flatMap((work, index) => {
      const result = results[index];
      const change = result && changeOf(work, result, { timing, nowMs });
      // Of what is not due yet only news are written.
      return change && (index < rows.length || change.state || change.parts) ? [change] : [];
    });
    // What an adapter says nothing of is due at its own pace again, not at once.
    const untold = rows.filter((_row, index) => !results[index]).map((row) => this.later(row, undefined));
    const moved = await steps.advance([...changes, ...untold]);
    for (const { id, kind: made, upstream_model: model, lease_id: leaseId } of all) {
      const state = moved.get(id)?.state;
      if (state === undefined || state === 'submitted') continue;
      const slot = { upstream: upstream.manifest.id, credentialId, use: USE_OF_DURABLE[made], model, leaseId };
      await settleWork(this.deps, { id, state, slot });
    }
    for (const [index, row] of rows.entries()) {
      const result = results[index];
      if (result?.type === 'partial' && moved.has(row.id))
        await this.show(row, result, { ...where, baseUrl: row.base_url });
    }
    return undefined;
  }

  /** What the adapter says of each; of those that are not due only what it heard in passing. */
  private async ask(
    works: readonly RunningWork[],
    options: { lease: Lease; signal: AbortSignal; dueCount: number; row: PollRow | undefined },
  ): Promise<(OperationStep | undefined)[]> {
    const { lease, signal, dueCount, row } = options;
    const { base_url: baseUrl = '', kind = 'video' } = row ?? {};
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(this.deps.timing.callTimeoutMs)]);
    // One look may be many calls at once, each of which listens.
    setMaxListeners(0, bounded);
    const operations = works.map(({ operation }) => operation);
    const passed: [number, OperationStep][] = [];
    const inPassing = {
      operations: operations.slice(dueCount),
      tell: (index: number, step: OperationStep) => void passed.push([dueCount + index, step]),
    };
    const context = ownerContext(this.deps, { lease, baseUrl, signal: bounded });
    const poll = jobOf(this.deps.upstream, kind)?.poll;
    const results: (OperationStep | undefined)[] = [
      ...((await poll?.(operations.slice(0, dueCount), context, inPassing)) ?? []),
    ];
    for (const [index, step] of passed) results[index] = step;
    return results;
  }

  /** A preview is told after everything else: it is fetched within a bound, and its failure fails nothing. */
  private async show(
    { id, kind, attempt }: PollRow,
    { file, index = 0 }: Extract<OperationStep, { type: 'partial' }>,
    where: { lease: Lease; baseUrl: string; signal: AbortSignal },
  ): Promise<void> {
    const { steps, upstream } = this.deps;
    if (kind === 'chat') return;
    const preview = { ...where, id, kind, attempt, file, index, upstream: upstream.manifest.id };
    const part = await keepPreview(this.deps, preview);
    if (part) await steps.advanceOne({ id, expected: ['submitted'], attempt, parts: [part] });
  }

  /** What could not be looked at is looked at again, at its own pace. */
  private async postpone(rows: readonly PollRow[], error: ErrorData | undefined): Promise<void> {
    await this.deps.steps.advance(rows.map((row) => this.later(row, error)));
  }

  private later({ id, attempt, submitted_at: submittedAt }: PollRow, error: ErrorData | undefined): DurableChange {
    const { clock, timing } = this.deps;
    const now = clock.now();
    const pauseMs = Math.max(error?.retryAfterMs ?? 0, pollIntervalMs(now - submittedAt.getTime(), timing));
    return { id, expected: ['submitted'], attempt, pollAtMs: now + pauseMs };
  }
}

interface PollCall {
  rows: PollRow[];
  /** What may be told in passing. */
  others: PollRow[];
}

/** One call speaks to one address, of one kind of work; the last one hears of others in passing. */
function inCalls(rows: readonly PollRow[], others: readonly PollRow[]): PollCall[] {
  const open = new Map<string, PollCall>();
  const calls: PollCall[] = [];
  for (const row of rows) {
    const call = open.get(placeOf(row));
    if (call && call.rows.length < OPERATIONS_PER_CALL) call.rows.push(row);
    else {
      const fresh: PollCall = { rows: [row], others: [] };
      open.set(placeOf(row), fresh);
      calls.push(fresh);
    }
  }
  for (const other of others) open.get(placeOf(other))?.others.push(other);
  return calls;
}

function placeOf({ kind, base_url: baseUrl }: PollRow): string {
  return `${kind} ${baseUrl}`;
}

function toWork(row: PollRow): RunningWork {
  return {
    id: row.id,
    attempt: row.attempt,
    progress: row.progress,
    submittedAtMs: row.submitted_at.getTime(),
    deadlineAtMs: row.deadline_at.getTime(),
    operation: JSON.parse(row.operation) as Operation,
  };
}
