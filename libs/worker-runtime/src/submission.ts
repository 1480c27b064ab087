import type { Lease } from '@sluice/contracts/credential';
import { type ErrorData, GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Operation } from '@sluice/contracts/operation';
import type { Target } from '@sluice/contracts/route';
import type { DurableChange } from '@sluice/domain-generations/durable-change';
import type { DurableStep } from '@sluice/domain-generations/durable-step';
import type { Moved } from '@sluice/domain-generations/durable-steps';
import { isRowFault } from '@sluice/platform-postgres/postgres-fault';
import type { JobStep } from '@sluice/upstream-kit/job';
import { ownerContext, stepContext } from './durable-context.js';
import type { DurableDeps } from './durable-deps.js';
import { type JobInput, jobOf, startJob } from './durable-job.js';
import { holdFiles } from './hold-files.js';
import { insist, SAVE_FOR_MS } from './insist.js';
import { changeOf } from './operation-change.js';
import { keepPreview } from './previews.js';
import { settleWork } from './settle-work.js';
import { SubmitGuard } from './submit-guard.js';
import { verdictOf } from './submit-verdict.js';
import { underIntent } from './under-intent.js';

/** How a submission ended. `gone`: somebody newer has the row. */
export type SubmissionEnd =
  | { type: 'gone' | 'accepted' }
  /** The row is queued again, and this is why. */
  | { type: 'refused'; error: ErrorData; attempt: number; credentialId: string }
  /** It may have been taken, or waits for another lease: the row is looked at again. */
  | { type: 'unknown'; lookAtMs: number };

export interface SubmissionOptions {
  step: DurableStep;
  target: Target;
  lease: Lease;
  signal: AbortSignal;
}

/** One intent, one call: from the row's compare-and-set to the operation in the row. */
export class Submission<Credential> {
  private attempt = 0;
  private intendedAtMs = 0;
  private operation: Operation | undefined;
  private readonly controller = new AbortController();

  constructor(
    private readonly deps: DurableDeps<Credential>,
    private readonly options: SubmissionOptions,
    private readonly input: JobInput,
  ) {}

  run(): Promise<SubmissionEnd> {
    const { clock, timing } = this.deps;
    this.intendedAtMs = clock.now();
    return underIntent(this.deps, {
      ...this.options,
      baseUrl: this.baseUrl,
      lookAtMs: this.intendedAtMs + timing.lookUpAfterMs,
      work: async ({ attempt }) => {
        this.attempt = attempt;
        const { signal } = this.options;
        const abort = () => this.controller.abort(interrupted());
        signal.addEventListener('abort', abort);
        try {
          return await this.submit();
        } finally {
          signal.removeEventListener('abort', abort);
        }
      },
    });
  }

  private async submit(): Promise<SubmissionEnd> {
    const { upstream, clock, timing, source, httpFor } = this.deps;
    const { step, lease, target } = this.options;
    const guard = new SubmitGuard({
      http: httpFor(lease),
      isCurrent: () =>
        this.operation ? Promise.resolve(true) : this.deps.steps.isCurrent({ ...this.row, epoch: lease.epoch }),
      leaveByMs: () => (this.operation ? Number.POSITIVE_INFINITY : this.intendedAtMs + timing.submitTimeoutMs),
      now: () => clock.now(),
    });
    const stopClock = clock.after(timing.submitTimeoutMs, () => this.operation || this.controller.abort(timedOut()));
    try {
      const { signal } = this.controller;
      const { model } = target;
      const context = stepContext(this.deps, { step, lease, baseUrl: this.baseUrl, model, signal, http: guard });
      const steps = startJob(upstream, this.input, context);
      if (!steps) throw new GatewayError('unsupported', 'The upstream makes none of it.', { saw: 'nothing' });
      for await (const one of steps) {
        if (!(await this.take(one, guard))) return { type: 'gone' };
      }
      if (!this.operation) throw new GatewayError('upstream_bad_answer', 'No operation was told.', { saw: 'unknown' });
    } catch (thrown) {
      if (!this.operation) return this.failed(submitError(thrown, this.controller.signal));
      if (!(thrown instanceof GatewayError)) this.deps.onUnexpected(thrown, step.id);
    } finally {
      stopClock();
      if (this.operation) await source.detach(lease, { type: 'succeeded' });
    }
    await this.leaveToPoll();
    return { type: 'accepted' };
  }

  /** False when the row is somebody else's now. */
  private async take(one: JobStep, guard: SubmitGuard): Promise<boolean> {
    if (one.type === 'prepared') return this.prepared(one.facts, guard);
    if (one.type === 'accepted') return this.accepted(one);
    if (!this.operation)
      throw new GatewayError('upstream_bad_answer', 'Progress without an operation.', { saw: 'unknown' });
    const { step } = this.options;
    const work = { ...step, ...this.row, submittedAtMs: this.intendedAtMs, operation: this.operation };
    this.operation = one.operation;
    const change = changeOf(work, one, { timing: this.deps.timing, nowMs: this.deps.clock.now() });
    if (one.type === 'done') Object.assign(change, await this.held(one));
    if (one.type === 'partial') await this.show(one, change);
    if (change.progress !== undefined) step.progress = change.progress;
    const moved = await this.deps.steps.advanceOne(change);
    if (moved) await settleWork(this.deps, { id: step.id, state: moved.state, slot: this.slot });
    return moved?.state === 'submitted';
  }

  /** What came with the answer lies in our store before anything else happens. */
  private async held({ files, facts = {} }: Extract<JobStep, { type: 'done' }>): Promise<Partial<DurableChange>> {
    const { id } = this.options.step;
    const key = `generations/${id}/${this.attempt}`;
    const held = await holdFiles(this.deps, { key, kind: this.input.kind, files, facts });
    return { upstreamFiles: held.files, facts: held.facts };
  }

  private async show({ file, index = 0 }: Extract<JobStep, { type: 'partial' }>, change: DurableChange): Promise<void> {
    const { step, lease, target } = this.options;
    const { signal } = this.controller;
    const where = { id: step.id, kind: this.input.kind, attempt: this.attempt, lease, baseUrl: this.baseUrl, signal };
    const part = await keepPreview(this.deps, { ...where, upstream: target.upstream, file, index });
    if (part) change.parts = [...(change.parts ?? []), part];
  }

  /** Committed with a new time: the paid call comes only now. */
  private async prepared(facts: object, guard: SubmitGuard): Promise<boolean> {
    const { steps, clock, timing } = this.deps;
    this.intendedAtMs = clock.now();
    const moved = await steps.advanceOne({
      ...this.row,
      expected: ['submitting'],
      prepared: facts as DurableChange['prepared'] & object,
      submittedAtMs: this.intendedAtMs,
      stepAtMs: this.intendedAtMs + timing.lookUpAfterMs,
    });
    guard.reset();
    if (!moved) await this.deps.source.release(this.options.lease, { type: 'abandoned' });
    return moved !== undefined;
  }

  private async accepted({ operation, pollAfterMs }: Extract<JobStep, { type: 'accepted' }>): Promise<boolean> {
    const { steps, clock, timing } = this.deps;
    const { step, lease, target } = this.options;
    const { upstream, model } = target;
    const change: DurableChange = {
      ...this.row,
      expected: ['submitting', 'submit_unknown'],
      state: 'submitted',
      operation,
      pollAtMs: clock.now() + Math.max(pollAfterMs ?? timing.firstPollMs, timing.shortestTickMs),
      parts: [{ type: 'attempt', attempt: this.attempt, upstream, model, credentialId: lease.credentialId }],
    };
    const moved = await insist(() => steps.adopt(change), { forMs: SAVE_FOR_MS, clock, isFinal: isRowFault });
    if (moved === 'taken')
      throw new GatewayError('outcome_unknown', 'The upstream named work that another generation owns.', {
        saw: 'unknown',
      });
    this.operation = operation;
    if (moved) return true;
    await this.orphan(operation, step.id);
    return false;
  }

  /** The row went on without us. Where no row has this very operation, the upstream is told to stop. */
  private async orphan(operation: Operation, id: string): Promise<void> {
    const { steps, upstream, onUnexpected, timing } = this.deps;
    const { lease, target } = this.options;
    // Another generation's look-up for work with the same words may have found it meanwhile.
    if (await steps.hasOwner({ upstream: target.upstream, baseUrl: this.baseUrl, operation })) return;
    const signal = AbortSignal.timeout(timing.callTimeoutMs);
    const context = ownerContext(this.deps, { lease, baseUrl: this.baseUrl, signal });
    await jobOf(upstream, this.input.kind)
      ?.cancel?.(operation, context)
      .catch((error: unknown) => onUnexpected(error, id));
  }

  private async failed(error: ErrorData): Promise<SubmissionEnd> {
    const { steps, source, timing, clock } = this.deps;
    const { lease } = this.options;
    const verdict = verdictOf(error);
    const save = (change: Omit<DurableChange, 'id' | 'attempt' | 'expected'>): Promise<Moved | undefined> =>
      insist(() => steps.advanceOne({ ...this.row, expected: ['submitting'], ...change }), {
        forMs: SAVE_FOR_MS,
        clock,
        isFinal: isRowFault,
      });
    if (verdict === 'unknown') {
      // Soon: what was taken on is still under way then, and is seen by any list. "Not found" counts only later.
      const lookAtMs = clock.now() + timing.lookUpGapMs;
      await source.detach(lease, { type: 'failed', error });
      await save({ state: 'submit_unknown', error: unknownError(error), stepAtMs: lookAtMs });
      return { type: 'unknown', lookAtMs };
    }
    const moved = await save({ state: 'queued', stepAtMs: clock.now() + timing.lookUpGapMs });
    await source.release(lease, { type: 'failed', error });
    return moved
      ? { type: 'refused', error, attempt: this.attempt, credentialId: lease.credentialId }
      : { type: 'gone' };
  }

  private async leaveToPoll(): Promise<void> {
    const { bell, timing } = this.deps;
    const { target, lease } = this.options;
    await bell.ringPoll({
      upstream: target.upstream,
      credentialId: lease.credentialId,
      delayMs: timing.firstPollMs,
    });
  }

  private get row(): { id: string; attempt: number } {
    return { id: this.options.step.id, attempt: this.attempt };
  }

  private get baseUrl(): string {
    const { lease } = this.options;
    return lease.baseUrl ?? this.deps.upstream.manifest.kinds[lease.kind]?.defaultBaseUrl ?? '';
  }

  private get slot() {
    const { target, lease } = this.options;
    const { upstream, model } = target;
    return { upstream, credentialId: lease.credentialId, use: this.input.kind, model, leaseId: lease.id };
  }
}

function unknownError({ message, upstreamStatus }: ErrorData): ErrorData {
  return {
    code: 'outcome_unknown',
    message: `It is not known whether the upstream took the work: ${message}`,
    ...(upstreamStatus !== undefined && { upstreamStatus }),
  };
}

function submitError(thrown: unknown, signal: AbortSignal): ErrorData {
  const { data } = toGatewayError(signal.aborted && !(thrown instanceof GatewayError) ? signal.reason : thrown);
  // A stranger's exception says nothing about what has left.
  return thrown instanceof GatewayError ? data : { ...data, saw: 'unknown' };
}

function timedOut(): GatewayError {
  return new GatewayError('upstream_timeout', 'The upstream did not say in time whether it took the work.', {
    saw: 'unknown',
  });
}

function interrupted(): GatewayError {
  return new GatewayError('upstream_interrupted', 'The worker was shut down while it submitted.', { saw: 'unknown' });
}
