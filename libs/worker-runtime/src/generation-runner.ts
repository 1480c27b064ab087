import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import { type ErrorData, GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { GenerationInput, GenerationStatus, InteractiveGeneration } from '@sluice/contracts/generation';
import type { HttpPort } from '@sluice/contracts/http-port';
import { InFlight } from '@sluice/contracts/in-flight';
import type { Part } from '@sluice/contracts/part';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { Target } from '@sluice/contracts/route';
import type {
  CredentialSource,
  LeaseOutcome,
  LeaseRequest,
  NoneFree,
} from '@sluice/domain-credentials/credential-source';
import type { CancelListener } from '@sluice/domain-generations/cancellation';
import type { AttemptLimits } from '@sluice/domain-settings/ways-out';
import type { GenerationWriter } from '@sluice/domain-generations/generation-writer';
import type { LiveWriter } from '@sluice/domain-generations/live-writer';
import type { JobOutcome } from '@sluice/platform-queue/job-handle';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { takeParts } from '@sluice/upstream-kit/whole-answer';
import { startAttempt, USE_OF_KIND } from './attempt.js';
import { type FilePlacer, stickyByFile } from './file-placer.js';
import { GenerationRun } from './generation-run.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { pause } from './pause.js';
import { isPassing, pauseBeforeRetryMs, remedyFor } from './retry-policy.js';

/** A row is written for a running generation only if it runs this long; a shorter one is written once, finished. */
const RUNNING_ROW_DELAY_MS = 100;
/** When the pool cannot tell when one will be free. */
const BLIND_WAIT_MS = 250;
const STORE_PAUSE_MS = 500;
/** An operator's change may need this long to reach every worker: a generation this young is not given up for want of one. */
const NEWS_DELAY_MS = 750;
const NEWS_PAUSE_MS = 100;
/** Longer than anybody waits on a socket. */
const DEFERRED_MS = 24 * 60 * 60_000;

export interface GenerationRunnerOptions<Credential> {
  upstream: Upstream<Credential>;
  source: CredentialSource;
  keeper: LeaseKeeper;
  cancels: CancelListener;
  rows: GenerationWriter;
  clock: Clock;
  random(): number;
  /** How often one is tried, as the operator says now. */
  attempts?(): AttemptLimits;
  /** The way out for this lease: its proxy, its permission to reach private addresses. */
  httpFor(lease: Lease): HttpPort;
  readMedia(media: StoredMedia): AsyncIterable<Uint8Array>;
  /** Brings files to the upstream that a request names. */
  placer?: FilePlacer;
  openLog(generation: InteractiveGeneration, lastSequence: number): LiveWriter;
  readLastSequence(generationId: string): Promise<number>;
  loadInput(generation: InteractiveGeneration): Promise<GenerationInput>;
  /** Called when a generation has ended, whichever way. */
  discardInput(generation: InteractiveGeneration): Promise<void>;
  /** Gives a generation to another upstream's queue. */
  handOn(generation: InteractiveGeneration): Promise<void>;
  onUnexpected(error: unknown, generationId: string): void;
}

/** Runs interactive generations for one upstream: lease, attempt, remedy, end. */
export class GenerationRunner<Credential> {
  private readonly running = new InFlight<AbortController>();

  constructor(private readonly options: GenerationRunnerOptions<Credential>) {}

  async run(generation: InteractiveGeneration, job: { attempt: number }): Promise<JobOutcome> {
    const { cancels, clock, rows } = this.options;
    const controller = cancels.register(generation.id);
    this.running.set(generation.id, controller);
    try {
      const lastSequence = job.attempt > 1 ? await this.options.readLastSequence(generation.id) : 0;
      const log = this.options.openLog(generation, lastSequence);
      const input = await this.options.loadInput(generation);
      const run = new GenerationRun(generation, input, log, controller, clock.now(), job.attempt > 1);
      if (lastSequence > 0) return this.fail(run, interrupted());
      rows.recordLater(run.toRecord('running'), RUNNING_ROW_DELAY_MS);
      return await this.execute(run).catch((thrown: unknown) => this.whenStoreFails(run, thrown));
    } finally {
      this.running.delete(generation.id);
      cancels.unregister(generation.id);
    }
  }

  /** Ends what still runs: what has sent nothing goes back to the queue, the rest fails in order. */
  handOver(): void {
    for (const controller of this.running.values())
      controller.abort(new GatewayError('draining', 'The worker is shutting down.'));
  }

  private async execute(run: GenerationRun): Promise<JobOutcome> {
    for (;;) {
      const target = run.currentTarget;
      if (!target) return this.fail(run, run.lastError ?? nothingServes(run.generation.model));
      if (target.upstream !== this.options.upstream.manifest.id) return this.handOn(run);
      const answer = await this.lease(run, target);
      if (answer.type === 'none-free') {
        const outcome = this.whenNoneFree(run, answer.noneFree);
        if (outcome) return outcome;
        continue;
      }
      const error = await this.attempt(run, target, answer.lease);
      if (!error) return { type: 'done' };
      const outcome = await this.remedy(run, answer.lease, error);
      if (outcome) return outcome;
    }
  }

  /** A store of ours is away: what has sent nothing waits for it in the queue. */
  private whenStoreFails(run: GenerationRun, thrown: unknown): JobOutcome {
    const { clock } = this.options;
    const error = toGatewayError(thrown);
    if (error.code !== 'unavailable') this.options.onUnexpected(thrown, run.generation.id);
    const delayUntilMs = clock.now() + STORE_PAUSE_MS;
    if (error.code !== 'unavailable' || run.hasOutput || delayUntilMs > run.generation.deadlineAtMs)
      return this.fail(run, error.data);
    this.options.rows.forget(run.generation.id);
    return { type: 'put-back', delayUntilMs };
  }

  private lease(run: GenerationRun, target: Target) {
    const { generation, excluded, isAgain } = run;
    const { upstream, model, kind } = target;
    const request: LeaseRequest = {
      upstream,
      use: USE_OF_KIND[generation.kind],
      model,
      generationId: generation.id,
      excluded,
      goesAhead: true,
      ...stickyByFile(run.input),
    };
    if (kind !== undefined) request.kind = kind;
    if (mayWait(run)) request.waiting = { sinceMs: waitsSinceMs(generation), isAgain };
    return this.options.source.lease(request);
  }

  /** Undefined: go on with the next target. */
  private whenNoneFree(run: GenerationRun, noneFree: NoneFree): JobOutcome | undefined {
    const { clock } = this.options;
    if (run.controller.signal.aborted) return this.whenAborted(run);
    const error = noneFreeError(noneFree, clock.now());
    const isYoung = clock.now() - run.generation.createdAtMs < NEWS_DELAY_MS;
    if (noneFree.isHopeless && isYoung && run.attempt === 0 && run.remainingTargets.length === 1) {
      this.options.rows.forget(run.generation.id);
      return { type: 'put-back', delayUntilMs: clock.now() + NEWS_PAUSE_MS };
    }
    // All were tried and failed: what they said is worth more than that none is left.
    if (noneFree.isHopeless || !mayWait(run)) {
      run.lastError ??= error;
      run.nextTarget();
      return undefined;
    }
    const nextMs = noneFree.retryAtMs ?? clock.now() + BLIND_WAIT_MS * (0.5 + this.options.random());
    const { deadlineAtMs } = run.generation;
    if (nextMs > deadlineAtMs || clock.now() >= deadlineAtMs) {
      run.lastError ??= error;
      run.nextTarget();
      return undefined;
    }
    this.options.rows.forget(run.generation.id);
    // It is woken when its turn comes; at the latest it looks again at its deadline, to say that it had none.
    return { type: 'put-back', delayUntilMs: Math.min(noneFree.lookAgainAtMs ?? nextMs, deadlineAtMs) };
  }

  private async attempt(run: GenerationRun, target: Target, lease: Lease): Promise<ErrorData | undefined> {
    const { upstream, clock, keeper, source } = this.options;
    const { signal } = run.controller;
    const stopKeeping = keeper.keep(lease, () => run.controller.abort(interruptedError()));
    let outcome: LeaseOutcome = { type: 'abandoned' };
    run.beginAttempt(target, lease.credentialId);
    try {
      signal.throwIfAborted();
      const http = this.options.httpFor(lease);
      const { generation, input } = run;
      const { readMedia, placer } = this.options;
      const parts = startAttempt({
        upstream,
        generation,
        input,
        target,
        lease,
        http,
        clock,
        signal,
        readMedia,
        placer,
      });
      await takeParts(parts, (part) => {
        run.take(part);
        if (run.hasOutput) this.flush(run);
      });
      outcome = { type: 'succeeded', tokens: run.tokens };
      // Before the lease goes back: somebody waits for this.
      this.tell(run, { type: 'succeeded' });
      this.end(run, { status: 'succeeded' });
      // One that is alone leaves the stores to the answer until that is out.
      if (this.running.size === 1) await run.writer.flush().catch(() => undefined);
      return undefined;
    } catch (thrown) {
      const error = this.translate(thrown, run);
      if (!signal.aborted) outcome = { type: 'failed', error };
      return error;
    } finally {
      stopKeeping();
      source.release(lease, outcome).catch((error: unknown) => this.options.onUnexpected(error, run.generation.id));
    }
  }

  /** Undefined: try again. */
  private async remedy(run: GenerationRun, lease: Lease, error: ErrorData): Promise<JobOutcome | undefined> {
    const { clock, random } = this.options;
    if (run.writer.isReplaced) return { type: 'done' };
    if (run.controller.signal.aborted) return this.whenAborted(run);
    run.lastError = error;
    const { attempt, hasOutput } = run;
    const limits = this.options.attempts?.();
    const remedy = remedyFor(error, { attempt, hasOutput, ...(limits && { limits }) });
    if (remedy === 'fail' && isPassing(error) && !run.hasOutput) return this.breathe(run, error);
    if (remedy === 'fail' || clock.now() > run.generation.deadlineAtMs) return this.fail(run, error);
    run.dropAttempt();
    if (remedy === 'next-target') run.nextTarget();
    // What rests, the pool keeps from everybody, and gives again when that is over.
    if (isPassing(error)) run.hasMetRest = true;
    else if (remedy === 'elsewhere') run.excluded.push(lease.credentialId);
    if (remedy === 'again') await pause(clock, pauseBeforeRetryMs(run.attempt, random), run.controller.signal);
    return undefined;
  }

  /** Refused again and again for what passes: the others have their turn first. */
  private breathe(run: GenerationRun, error: ErrorData): JobOutcome {
    const delayUntilMs = this.options.clock.now() + BLIND_WAIT_MS * (0.5 + this.options.random());
    if (run.remainingTargets.length > 1 || delayUntilMs > run.generation.deadlineAtMs) return this.fail(run, error);
    this.options.rows.forget(run.generation.id);
    return { type: 'put-back', delayUntilMs };
  }

  private whenAborted(run: GenerationRun): JobOutcome {
    const reason = toAbortError(run.controller.signal);
    if (reason.code === 'cancelled') {
      this.tell(run, { type: 'cancelled', reason: reason.message });
      return this.end(run, { status: 'cancelled', error: reason.data });
    }
    if (reason.code === 'draining' && !run.hasOutput) {
      this.options.rows.forget(run.generation.id);
      return { type: 'put-back', delayUntilMs: this.options.clock.now() };
    }
    return this.fail(run, interrupted());
  }

  private async handOn(run: GenerationRun): Promise<JobOutcome> {
    const { generation } = run;
    this.options.rows.forget(generation.id);
    await this.options.handOn({ ...generation, targets: run.remainingTargets });
    return { type: 'done' };
  }

  private fail(run: GenerationRun, error: ErrorData): JobOutcome {
    run.dropAttempt();
    this.tell(run, { type: 'failed', error });
    return this.end(run, { status: 'failed', error });
  }

  /** Tells the last of it. Sent in the same breath as the job's completion: neither waits for the other's answer. */
  private tell(run: GenerationRun, terminal: Part): void {
    run.close(terminal);
    this.flush(run);
  }

  private end(run: GenerationRun, end: { status: GenerationStatus; error?: ErrorData }): JobOutcome {
    const { generation } = run;
    if (generation.input.kind === 'stored') {
      this.options.discardInput(generation).catch((error: unknown) => this.options.onUnexpected(error, generation.id));
    }
    if (!run.writer.isReplaced) {
      this.options.rows.record(run.toFinishedRecord({ atMs: this.options.clock.now(), ...end }));
    }
    return { type: 'done' };
  }

  private flush(run: GenerationRun): void {
    run.writer.flush().then(
      () => {
        if (run.writer.isReplaced) run.controller.abort(interruptedError());
      },
      (error: unknown) => {
        this.options.onUnexpected(error, run.generation.id);
        run.controller.abort(interruptedError());
      },
    );
  }

  private translate(thrown: unknown, run: GenerationRun): ErrorData {
    if (run.controller.signal.aborted) return toAbortError(run.controller.signal).data;
    const error = toGatewayError(thrown);
    if (error.code === 'internal') this.options.onUnexpected(thrown, run.generation.id);
    return error.data;
  }
}

/** One that was refused somewhere does not wait: what it was told is worth more. Unless that passes, and nothing else is left. */
function mayWait({ excluded, hasMetRest, remainingTargets }: GenerationRun): boolean {
  return hasMetRest ? remainingTargets.length === 1 : excluded.length === 0;
}

/** Who has waited longest is next: what is deferred counts as come later than all who can still be waiting. */
function waitsSinceMs({ createdAtMs, isDeferred }: InteractiveGeneration): number {
  return isDeferred ? createdAtMs + DEFERRED_MS : createdAtMs;
}

/** An abort without a reason of ours is the client's. */
function toAbortError(signal: AbortSignal): GatewayError {
  if (signal.reason instanceof GatewayError) return signal.reason;
  return new GatewayError('cancelled', 'The request was cancelled.');
}

function interruptedError(): GatewayError {
  return new GatewayError(
    'upstream_interrupted',
    'The worker that answered this request was lost; what was sent is incomplete.',
  );
}

function interrupted(): ErrorData {
  return interruptedError().data;
}

function nothingServes(model: string): ErrorData {
  return { code: 'no_credential', message: `Nothing that could serve the model '${model}' is left.` };
}

function noneFreeError(noneFree: NoneFree, nowMs: number): ErrorData {
  const retryAfterMs = noneFree.retryAtMs === undefined ? undefined : Math.max(0, noneFree.retryAtMs - nowMs);
  return {
    code: noneFree.isHopeless ? 'no_credential' : 'overloaded',
    message: noneFree.reason,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
