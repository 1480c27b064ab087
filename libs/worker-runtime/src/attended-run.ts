import { type ErrorData, GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { Operation } from '@sluice/contracts/operation';
import type { ResultFile } from '@sluice/contracts/stored-media';
import type { LeaseOutcome } from '@sluice/domain-credentials/credential-source';
import type { Intended } from '@sluice/domain-generations/durable-steps';
import type { JobStep } from '@sluice/upstream-kit/job';
import { empty, overdue, shutDown, silent, TAKEN_OVER, unkept, unknownEnd, unknownError } from './attended-ends.js';
import { type AttemptChange, AttemptWriter } from './attempt-writer.js';
import { stepContext } from './durable-context.js';
import type { DurableDeps } from './durable-deps.js';
import { type JobInput, jobOf, startJob } from './durable-job.js';
import { type FileToCollect, holdFiles } from './hold-files.js';
import { expiry, failure } from './operation-change.js';
import { keepPreview } from './previews.js';
import { settleWork } from './settle-work.js';
import type { SubmissionEnd, SubmissionOptions } from './submission.js';
import { SubmitGuard } from './submit-guard.js';
import { verdictOf } from './submit-verdict.js';
import { underIntent } from './under-intent.js';
import { successOf } from './work-success.js';

/** What a timer can count; longer than anybody waits for a call. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Done = Extract<JobStep, { type: 'done' }>;

/**
 * One attempt at work that the submitting call does itself: it is waited for until the generation's deadline, and while it
 * runs the row is told every second that somebody has it. Only what the upstream certainly refused is made again.
 */
export class AttendedRun<Credential> {
  private attempt = 0;
  private outcome: LeaseOutcome = { type: 'abandoned' };
  /** The row keeps the slot. */
  private isKept = false;
  private cancelDeadline: () => void = () => {};
  private readonly controller = new AbortController();

  constructor(
    private readonly deps: DurableDeps<Credential>,
    private readonly options: SubmissionOptions,
    private readonly input: JobInput,
  ) {}

  run(): Promise<SubmissionEnd> {
    const { clock, timing } = this.deps;
    return underIntent(this.deps, {
      ...this.options,
      baseUrl: this.baseUrl,
      lookAtMs: clock.now() + timing.silenceMs,
      work: (intended) => this.attend(intended),
    });
  }

  private async attend({ attempt, lastSequence }: Intended): Promise<SubmissionEnd> {
    const { clock, source } = this.deps;
    const { lease, step, signal } = this.options;
    this.attempt = attempt;
    const onReplaced = () => this.controller.abort(new GatewayError('cancelled', 'Somebody has ended it.'));
    const writer = new AttemptWriter(this.deps, { id: step.id, attempt, lastSequence, onReplaced });
    const leave = () => this.leave(signal.reason);
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    const patienceMs = Math.min(step.deadlineAtMs - clock.now(), LONGEST_TIMER_MS);
    this.cancelDeadline = clock.after(patienceMs, () => this.controller.abort(overdue()));
    writer.start();
    try {
      return await this.make(writer);
    } finally {
      signal.removeEventListener('abort', leave);
      this.cancelDeadline();
      writer.stop();
      if (this.isKept) await source.detach(lease, this.outcome);
      else await source.release(lease, this.outcome);
    }
  }

  /** A job that another worker has now is no loss: its row tells that worker to wait. */
  private leave(reason: unknown): void {
    if (reason instanceof GatewayError && reason.data.reason === TAKEN_OVER) return;
    this.controller.abort(shutDown());
  }

  private async make(writer: AttemptWriter): Promise<SubmissionEnd> {
    const { lease, target } = this.options;
    const { upstream, model } = target;
    const guard = this.createGuard(writer);
    let done: Done | undefined;
    try {
      await writer.tell({ type: 'attempt', attempt: this.attempt, upstream, model, credentialId: lease.credentialId });
      for await (const step of this.start(guard)) {
        // It may come while we give up: it is paid, so it is kept where the row is still ours.
        if (step.type === 'done') done = step;
        else if (step.type === 'failed') return await this.gaveUp(step.error, writer);
        else {
          this.controller.signal.throwIfAborted();
          await this.take(step, { writer, guard });
        }
      }
    } catch (thrown) {
      // What is made and paid is kept, whatever comes after it.
      if (!done) return this.failed(this.errorOf(thrown, guard), writer);
    }
    this.cancelDeadline();
    return done ? this.finish(done, writer) : this.failed(silent(), writer);
  }

  private createGuard(writer: AttemptWriter): SubmitGuard {
    const { deps, options } = this;
    const { step, lease } = options;
    return new SubmitGuard({
      http: deps.httpFor(lease),
      isCurrent: () => deps.steps.isCurrent({ id: step.id, attempt: this.attempt, epoch: lease.epoch }),
      leaveByMs: () => writer.aliveUntilMs,
      now: () => deps.clock.now(),
    });
  }

  private start(http: SubmitGuard): AsyncIterable<JobStep> {
    const { step, lease, target } = this.options;
    const { model, upstream } = target;
    const { signal } = this.controller;
    signal.throwIfAborted();
    const context = stepContext(this.deps, { step, lease, baseUrl: this.baseUrl, model, signal, http });
    const steps = startJob(this.deps.upstream, this.input, context);
    if (steps) return steps;
    throw new GatewayError('unsupported', `Upstream '${upstream}' has no ${this.input.kind}.`, { saw: 'nothing' });
  }

  private async take(
    step: Exclude<JobStep, { type: 'done' | 'failed' }>,
    { writer, guard }: { writer: AttemptWriter; guard: SubmitGuard },
  ): Promise<void> {
    if (step.type === 'prepared') {
      await writer.save({ prepared: step.facts, submittedAtMs: this.deps.clock.now() });
      guard.reset();
      return;
    }
    if (step.type === 'accepted') return this.accept(step.operation, writer);
    if (step.type === 'partial') return this.show(step, writer);
    const progress = Math.min(Math.floor(step.progress ?? 0), 99);
    if (progress <= this.options.step.progress) return;
    this.options.step.progress = progress;
    await writer.save({ progress, parts: [{ type: 'progress', progress }] });
  }

  /** Of use to nobody but a cancellation: the work's end comes with this call, or not at all. */
  private async accept(operation: Operation, writer: AttemptWriter): Promise<void> {
    if (jobOf(this.deps.upstream, this.input.kind)?.cancel) await writer.save({ operation });
  }

  private async show(step: Extract<JobStep, { type: 'partial' }>, writer: AttemptWriter): Promise<void> {
    const { lease, target } = this.options;
    const { id } = this.options.step;
    const { file, index = 0 } = step;
    const { kind } = this.input;
    const where = { lease, baseUrl: this.baseUrl, upstream: target.upstream, signal: this.controller.signal };
    const part = await keepPreview(this.deps, { ...where, id, kind, attempt: this.attempt, file, index });
    if (part) await writer.tell(part);
  }

  /** The files are in our store before success is told; those that lie elsewhere are the next step's to fetch. */
  private async finish(done: Done, writer: AttemptWriter): Promise<SubmissionEnd> {
    const { step } = this.options;
    const key = `generations/${step.id}/${this.attempt}`;
    this.outcome = { type: 'succeeded' };
    const work = { key, kind: this.input.kind, files: done.files, facts: done.facts ?? {} };
    const held = await holdFiles(this.deps, work).catch((error: unknown) => {
      this.deps.onUnexpected(error, step.id);
      return undefined;
    });
    if (!held) return this.end(unkept(), writer);
    const { files, facts, error } = held;
    if (!files.some(({ role }) => role === 'result')) return this.end(failure((error ?? empty()).data), writer);
    const stored = files.flatMap((file) => ('stored' in file ? [file.stored] : []));
    const isWhole = stored.length === files.length;
    const end = isWhole
      ? await this.succeed({ stored, facts, operation: done.operation }, writer)
      : await this.collect({ files, facts, operation: done.operation }, writer);
    if (end.type === 'gone') await this.drop(stored);
    return end;
  }

  private succeed(
    { stored, facts, operation }: { stored: readonly ResultFile[]; facts: JsonObject; operation: Operation },
    writer: AttemptWriter,
  ): Promise<SubmissionEnd> {
    const { clock, timing } = this.deps;
    const { step } = this.options;
    const expiresAtMs = clock.now() + timing.keepFilesMs;
    const change = successOf({ input: step.input, progress: step.progress, facts }, { files: stored, expiresAtMs });
    return this.end({ ...change, operation }, writer);
  }

  /** Somebody ended it while its files were stored: nothing names them any more. */
  private async drop(stored: readonly ResultFile[]): Promise<void> {
    const { media, onUnexpected } = this.deps;
    for (const { media: file } of stored)
      await media.delete(file.key).catch((error: unknown) => onUnexpected(error, this.options.step.id));
  }

  private async collect(
    made: { files: FileToCollect[]; facts: JsonObject; operation: Operation },
    writer: AttemptWriter,
  ): Promise<SubmissionEnd> {
    const { files: upstreamFiles, facts, operation } = made;
    const { step, lease, target } = this.options;
    const { upstream, model } = target;
    const stepAtMs = this.deps.clock.now();
    writer.stop();
    const isSaved = await writer.save({ state: 'collecting', upstreamFiles, facts, operation, stepAtMs });
    if (!isSaved) return { type: 'gone' };
    this.isKept = true;
    const slot = { upstream, model, credentialId: lease.credentialId, use: this.input.kind, leaseId: lease.id };
    await settleWork(this.deps, { id: step.id, state: 'collecting', slot });
    return { type: 'accepted' };
  }

  /** The upstream took it on, and told that it came to nothing. */
  private gaveUp(error: ErrorData, writer: AttemptWriter): Promise<SubmissionEnd> {
    this.outcome = { type: 'failed', error };
    return this.end(failure(error), writer);
  }

  private async end(change: AttemptChange, writer: AttemptWriter): Promise<SubmissionEnd> {
    writer.stop();
    const isSaved = await writer.save(change);
    return { type: isSaved ? 'accepted' : 'gone' };
  }

  private async failed(error: ErrorData, writer: AttemptWriter): Promise<SubmissionEnd> {
    const { clock, timing, upstream } = this.deps;
    const { lease } = this.options;
    const isOurs = this.controller.signal.aborted;
    if (!isOurs) this.outcome = { type: 'failed', error };
    if (writer.isReplaced) return { type: 'gone' };
    if (verdictOf(error) !== 'unknown') {
      if (error.code === 'deadline_exceeded' && isOurs) return this.end({ ...expiry(), used: 0 }, writer);
      writer.stop();
      const isSaved = await writer.save({ state: 'queued', stepAtMs: clock.now() + timing.lookUpGapMs });
      const { credentialId } = lease;
      return isSaved ? { type: 'refused', error, attempt: this.attempt, credentialId } : { type: 'gone' };
    }
    if (error.code === 'deadline_exceeded' && isOurs) return this.end(expiry(), writer);
    if (!jobOf(upstream, this.input.kind)?.find) return this.end(unknownEnd(error), writer);
    this.isKept = true;
    const lookAtMs = clock.now();
    await this.end({ state: 'submit_unknown', error: unknownError(error), stepAtMs: lookAtMs }, writer);
    return { type: 'unknown', lookAtMs };
  }

  /** Of what ended here, only the way out knows what the upstream has seen; an adapter may know of more. */
  private errorOf(thrown: unknown, guard: SubmitGuard): ErrorData {
    const { signal } = this.controller;
    if (signal.aborted) {
      const told = thrown instanceof GatewayError ? thrown.data.saw : undefined;
      return { ...toGatewayError(signal.reason).data, saw: told === 'unknown' ? told : guard.saw };
    }
    if (thrown instanceof GatewayError) return thrown.data;
    this.deps.onUnexpected(thrown, this.options.step.id);
    // A stranger's exception says nothing about what has left.
    return { ...toGatewayError(thrown).data, saw: guard.saw };
  }

  private get baseUrl(): string {
    const { lease } = this.options;
    return lease.baseUrl ?? this.deps.upstream.manifest.kinds[lease.kind]?.defaultBaseUrl ?? '';
  }
}
