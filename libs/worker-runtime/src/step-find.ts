import type { ErrorData } from '@sluice/contracts/gateway-error';
import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import { type Operation, operationKey } from '@sluice/contracts/operation';
import type { DurableStep, SubmitPlace } from '@sluice/domain-generations/durable-step';
import type { JobOutcome } from '@sluice/platform-queue/job-handle';
import { stepContext } from './durable-context.js';
import type { DurableDeps } from './durable-deps.js';
import { findJob, isAttended, jobInputOf, jobOf } from './durable-job.js';
import { settleWork } from './settle-work.js';
import { USE_OF_DURABLE } from './step-submit.js';

/** "Not found" counts when it was said so often, each time long enough after the intent. */
const LOOK_UPS_THAT_COUNT = 2;
/** Look-ups that fail come ever more rarely: of the time since the intent. */
const SHARE_OF_AGE = 0.2;
const LONGEST_GAP_MS = 15 * 60_000;

const DONE: JobOutcome = { type: 'done' };

/** The step of a submission whose outcome nobody knows: it is looked up, and never blindly made again. */
export class FindStep<Credential> {
  constructor(private readonly deps: DurableDeps<Credential>) {}

  /** Another worker's submission whose job came to us: that worker is dead, cut off, or late. */
  async doubt(step: DurableStep): Promise<JobOutcome> {
    const { steps } = this.deps;
    const { id, attempt, place } = step;
    if (!place) throw new Error('A submission without a place.');
    const lookAtMs = this.looksAtMs(step, place);
    const error: ErrorData = {
      code: 'outcome_unknown',
      message: 'Contact with the worker that submitted it was lost.',
    };
    const moved = await steps.advanceOne({
      id,
      expected: ['submitting'],
      attempt,
      state: 'submit_unknown',
      // Whoever attends it may come back, and then nothing was in doubt.
      ...(!this.isAttended(step) && { error }),
      stepAtMs: lookAtMs,
    });
    if (!moved) return DONE;
    if (this.isAttended(step)) return { type: 'put-back', delayUntilMs: lookAtMs };
    // Found counts at any time.
    return this.run({ ...step, state: 'submit_unknown' });
  }

  async run(step: DurableStep): Promise<JobOutcome> {
    const { clock, timing, upstream } = this.deps;
    const { place } = step;
    if (!place) throw new Error('A submission without a place.');
    const giveUpAtMs = this.giveUpAtMs(step, place);
    if (clock.now() >= giveUpAtMs) return this.giveUp(step, place);
    if (!jobOf(upstream, step.input.kind)?.find) return this.later(step, giveUpAtMs, noFind());
    try {
      const found = await this.find(step, place);
      if (found && (await this.adopt(step, place, found))) return DONE;
      return await this.notFound(step, place, found !== undefined);
    } catch (thrown) {
      const error = toGatewayError(thrown);
      if (error.code === 'internal' || error.code === 'unavailable') this.deps.onUnexpected(thrown, step.id);
      const gapMs = Math.min((clock.now() - place.submittedAtMs) * SHARE_OF_AGE, LONGEST_GAP_MS);
      const nextMs = clock.now() + Math.max(gapMs, timing.lookUpGapMs, error.data.retryAfterMs ?? 0);
      return this.later(step, Math.min(nextMs, giveUpAtMs), undecided(error.data));
    }
  }

  /** A worker that was only paused may come back with what it attended to; one that is silent for longer is lost. */
  private looksAtMs(step: DurableStep, place: SubmitPlace): number {
    const { timing } = this.deps;
    if (!this.isAttended(step)) return place.submittedAtMs + timing.lookUpAfterMs;
    return (step.nextStepAtMs ?? this.deps.clock.now()) - timing.silenceMs + timing.lookUpAfterMs;
  }

  /** Where nothing can be found, a day of waiting serves nobody: who is lost tells nothing any more. */
  private giveUpAtMs(step: DurableStep, place: SubmitPlace): number {
    const { timing, upstream } = this.deps;
    if (!this.isAttended(step)) return place.submittedAtMs + timing.unknownMs;
    if (!jobOf(upstream, step.input.kind)?.find) return Number.NEGATIVE_INFINITY;
    return Math.max(step.deadlineAtMs, place.submittedAtMs + timing.lookUpAfterMs);
  }

  private isAttended({ input }: DurableStep): boolean {
    return isAttended(this.deps.upstream, input.kind);
  }

  private async find(step: DurableStep, place: SubmitPlace): Promise<Operation | undefined> {
    const { upstream, source, steps, timing } = this.deps;
    const { input, id, prepared } = step;
    const lease = source.open(place.credentialId);
    if (!lease) throw new GatewayError('no_credential', 'The credential that submitted it is gone.');
    const job = jobInputOf(input);
    if (!job) throw new GatewayError('unsupported', 'A conversation is looked up nowhere.');
    const owned = await steps.ownedByOthers(step);
    const signal = AbortSignal.timeout(timing.callTimeoutMs);
    const context = stepContext(this.deps, { step, lease, baseUrl: place.baseUrl, model: place.model, signal });
    const intent = {
      input: job,
      generationId: id,
      submittedAtMs: place.submittedAtMs,
      ...(prepared && { prepared }),
      owned,
    };
    const found = await findJob(upstream, intent, context);
    return found && owned.has(operationKey(found)) ? undefined : found;
  }

  /** False where another row got it first. */
  private async adopt(step: DurableStep, place: SubmitPlace, operation: Operation): Promise<boolean> {
    const { steps, bell, clock } = this.deps;
    const { id, attempt } = step;
    const { upstream, model, credentialId } = place;
    const moved = await steps.adopt({
      id,
      expected: ['submit_unknown'],
      attempt,
      state: 'submitted',
      operation,
      pollAtMs: clock.now(),
      leaseId: id,
      parts: [{ type: 'attempt', attempt, upstream, model, credentialId }],
    });
    if (moved === 'taken') return false;
    await bell.ringPoll({ upstream, credentialId, delayMs: 0 });
    return true;
  }

  private async notFound(step: DurableStep, place: SubmitPlace, wasTaken: boolean): Promise<JobOutcome> {
    const { steps, bell, clock, timing } = this.deps;
    const { id, attempt, lookups } = step;
    const countsFromMs = place.submittedAtMs + timing.lookUpAfterMs;
    const count = lookups + Number(clock.now() >= countsFromMs && !wasTaken);
    // What only its own call knew of may not be listed before it is done, and is never made again.
    if (count < LOOK_UPS_THAT_COUNT || this.isAttended(step)) {
      const nextMs = Math.max(countsFromMs, clock.now() + timing.lookUpGapMs);
      return this.later({ ...step, lookups: count }, nextMs, undefined);
    }
    // It never arrived: it is submitted again, with an intent of its own.
    const moved = await steps.advanceOne({
      id,
      expected: ['submit_unknown'],
      attempt,
      state: 'queued',
      stepAtMs: clock.now(),
    });
    if (!moved) return DONE;
    await this.free(step, place, 'failed');
    await bell.ring({ upstream: place.upstream, generationId: id });
    return { type: 'put-back', delayUntilMs: clock.now() };
  }

  private async giveUp(step: DurableStep, place: SubmitPlace): Promise<JobOutcome> {
    const { id, attempt } = step;
    const error = step.error ?? (this.isAttended(step) ? lostWorker() : noFind());
    const moved = await this.deps.steps.advanceOne({
      id,
      expected: ['submit_unknown'],
      attempt,
      state: 'failed',
      error,
      parts: [{ type: 'failed', error }],
    });
    if (moved) await this.free(step, place, moved.state);
    return DONE;
  }

  private async later(step: DurableStep, atMs: number, error: ErrorData | undefined): Promise<JobOutcome> {
    const { id, attempt, lookups } = step;
    const moved = await this.deps.steps.advanceOne({
      id,
      expected: ['submit_unknown'],
      attempt,
      lookups,
      stepAtMs: atMs,
      ...(error && { error }),
    });
    return moved ? { type: 'put-back', delayUntilMs: atMs } : DONE;
  }

  private free({ id, input }: DurableStep, place: SubmitPlace, state: 'failed' | DurableStep['state']): Promise<void> {
    const { upstream, credentialId, model, leaseId = id } = place;
    return settleWork(this.deps, {
      id,
      state,
      slot: { upstream, credentialId, use: USE_OF_DURABLE[input.kind], model, leaseId },
    });
  }
}

function lostWorker(): ErrorData {
  return {
    code: 'outcome_unknown',
    message: 'The worker that made it was lost, and nobody else can tell what came of it. It may have been paid.',
  };
}

function noFind(): ErrorData {
  return {
    code: 'outcome_unknown',
    message:
      'Contact was lost while it was submitted, and this upstream has no way to look it up. An operator can decide.',
  };
}

function undecided({ message }: ErrorData): ErrorData {
  return { code: 'outcome_unknown', message: `It is not known whether the upstream took the work: ${message}` };
}
