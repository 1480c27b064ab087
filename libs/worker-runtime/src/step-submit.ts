import type { DurableKind } from '@sluice/contracts/durable-generation';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { CredentialUse } from '@sluice/contracts/credential';
import type { Target } from '@sluice/contracts/route';
import type { NoneFree } from '@sluice/domain-credentials/credential-source';
import { expiryOf } from '@sluice/domain-generations/sweeper';
import type { DurableStep } from '@sluice/domain-generations/durable-step';
import type { JobHandle, JobOutcome } from '@sluice/platform-queue/job-handle';
import { AttendedRun } from './attended-run.js';
import { ChatRun } from './chat-run.js';
import type { DurableDeps } from './durable-deps.js';
import { isAttended, jobOf } from './durable-job.js';
import { stickyByFile } from './file-placer.js';
import { failure } from './operation-change.js';
import { Submission, type SubmissionEnd, type SubmissionOptions } from './submission.js';
import { isHopeless, isPassing, pauseBeforeSubmitMs, verdictOf } from './submit-verdict.js';

export const USE_OF_DURABLE = {
  video: 'video',
  image: 'image',
  character: 'character',
  chat: 'chat',
} as const satisfies Record<DurableKind, CredentialUse>;

/** Credentials that one generation tries in one go. */
const MOST_CREDENTIALS = 10;
/** A pool that knows no time is asked again after this. */
const BLIND_WAIT_MS = 5_000;
/** Who stands in the pool's queue is told; this is for the case that nobody tells it. */
const LOOK_AGAIN_MS = 30_000;
/** Clocks differ by a little. */
const LEAST_WAIT_MS = 250;
/** Where nothing serves the model, an operator may be about to mend it: it is looked at as often as it is old. */
const FIRST_HOPELESS_WAIT_MS = 1_000;
const LONGEST_HOPELESS_WAIT_MS = 15_000;
/** The account that owns what this one starts from is gone for good after so long. */
const PINNED_PATIENCE_MS = 60_000;

const DONE: JobOutcome = { type: 'done' };

/** The step of a queued generation: a credential, the intent, the submission; or a later try. */
export class SubmitStep<Credential> {
  constructor(private readonly deps: DurableDeps<Credential>) {}

  async run(step: DurableStep, job: Pick<JobHandle, 'attempt' | 'signal'>): Promise<JobOutcome> {
    const { steps, clock } = this.deps;
    const excluded: string[] = [];
    let lastError: ErrorData | undefined;
    for (;;) {
      if (clock.now() >= step.deadlineAtMs) {
        await steps.advance([expiryOf(step)]);
        return DONE;
      }
      const target = step.targets[step.targetIndex];
      if (!target) return this.fail(step, lastError ?? nothingServes(step.model));
      if (target.upstream !== this.deps.upstream.manifest.id) return this.handOn(step, target);
      if (!this.canMake(step)) lastError = unsupported(target, step);
      else {
        const answer = await this.lease(step, target, { excluded, isAgain: job.attempt > 1 });
        if (answer.type === 'none-free') return this.wait(step, answer.noneFree, excluded.length);
        const end = await this.attempt({ step, target, lease: answer.lease, signal: job.signal });
        if (end.type !== 'refused') return this.after(end);
        lastError = end.error;
        const outcome = await this.remedy(step, end, excluded);
        if (outcome) return outcome;
        if (verdictOf(end.error) !== 'next-target') continue;
      }
      step = { ...step, targetIndex: step.targetIndex + 1 };
    }
  }

  private canMake({ input }: DurableStep): boolean {
    const { upstream } = this.deps;
    return input.kind === 'chat' ? upstream.chat !== undefined : jobOf(upstream, input.kind) !== undefined;
  }

  private attempt(options: SubmissionOptions): Promise<SubmissionEnd> {
    const { input } = options.step;
    if (input.kind === 'chat') return new ChatRun(this.deps, options, input).run();
    if (isAttended(this.deps.upstream, input.kind)) return new AttendedRun(this.deps, options, input).run();
    return new Submission(this.deps, options, input).run();
  }

  private lease(step: DurableStep, target: Target, tries: { excluded: readonly string[]; isAgain: boolean }) {
    const { id, pinnedCredentialId, createdAtMs, input } = step;
    const { excluded, isAgain } = tries;
    return this.deps.source.lease({
      upstream: target.upstream,
      use: USE_OF_DURABLE[input.kind],
      model: target.model,
      ...(target.kind !== undefined && { kind: target.kind }),
      generationId: id,
      excluded,
      ...stickyByFile(input),
      ...(pinnedCredentialId !== undefined && { pinned: pinnedCredentialId }),
      ...(excluded.length === 0 && { waiting: { sinceMs: createdAtMs, isAgain } }),
    });
  }

  /** Nobody holds anything meanwhile: the job sleeps, the row says when it is looked at again. */
  private async wait(step: DurableStep, noneFree: NoneFree, tried: number): Promise<JobOutcome> {
    const { clock } = this.deps;
    const now = clock.now();
    const isOrphan = step.pinnedCredentialId !== undefined && now - step.createdAtMs > PINNED_PATIENCE_MS;
    if (noneFree.isHopeless && isOrphan) return this.fail(step, { code: 'no_credential', message: noneFree.reason });
    const waitMs = noneFree.isHopeless
      ? Math.min(Math.max(now - step.createdAtMs, FIRST_HOPELESS_WAIT_MS), LONGEST_HOPELESS_WAIT_MS)
      : noneFree.isQueued
        ? this.pauseQueued(noneFree)
        : this.pauseUnqueued(noneFree, tried);
    return this.putBack(step, Math.min(now + waitMs, step.deadlineAtMs));
  }

  private pauseQueued({ lookAgainAtMs = 0, restEndsAtMs = Infinity }: NoneFree): number {
    const now = this.deps.clock.now();
    if (restEndsAtMs - now < LOOK_AGAIN_MS) return Math.max(restEndsAtMs - now, LEAST_WAIT_MS);
    return Math.max(LOOK_AGAIN_MS, lookAgainAtMs - now);
  }

  /** Who was refused by all there are stands in no queue; at its next look it does, and is called when one of them is back. */
  private pauseUnqueued({ retryAtMs }: NoneFree, tried: number): number {
    const { clock, random } = this.deps;
    const pauseMs = pauseBeforeSubmitMs(tried, random);
    if (retryAtMs === undefined) return Math.max(BLIND_WAIT_MS, pauseMs);
    return tried > 0 ? pauseMs : Math.max(retryAtMs - clock.now(), pauseMs);
  }

  private async putBack(step: DurableStep, untilMs: number): Promise<JobOutcome> {
    const { id, attempt, targetIndex } = step;
    const moved = await this.deps.steps.advanceOne({
      id,
      expected: ['queued'],
      attempt,
      targetIndex,
      stepAtMs: untilMs,
    });
    return moved ? { type: 'put-back', delayUntilMs: untilMs } : DONE;
  }

  /** Undefined: try again at once. The row is queued again, with one attempt more. */
  private async remedy(
    step: DurableStep,
    { error, attempt, credentialId }: Extract<SubmissionEnd, { type: 'refused' }>,
    excluded: string[],
  ): Promise<JobOutcome | undefined> {
    step.attempt = attempt;
    const verdict = verdictOf(error);
    // How often a conversation is tried is the operator's to say, and its run has looked at it.
    const isChat = step.input.kind === 'chat';
    const isTriedOut =
      !isChat && verdict !== 'next-target' && isHopeless(error, attempt, this.deps.attempts?.().submissions);
    if (verdict === 'fail' || isTriedOut) return this.fail(step, error);
    if (verdict === 'later') return this.pause(step, error.retryAfterMs ?? 0);
    if (verdict !== 'elsewhere') return undefined;
    excluded.push(credentialId);
    if (excluded.length < MOST_CREDENTIALS) return undefined;
    // How long each of them rests is the pool's to know.
    return isChat || isPassing(error) ? this.pause(step, 0) : this.fail(step, error);
  }

  private pause(step: DurableStep, leastMs: number): Promise<JobOutcome> {
    const pauseMs = Math.max(leastMs, pauseBeforeSubmitMs(step.attempt, this.deps.random));
    return this.putBack(step, Math.min(this.deps.clock.now() + pauseMs, step.deadlineAtMs));
  }

  private after(end: Exclude<SubmissionEnd, { type: 'refused' }>): JobOutcome {
    return end.type === 'unknown' ? { type: 'put-back', delayUntilMs: end.lookAtMs } : DONE;
  }

  private async fail(step: DurableStep, error: ErrorData): Promise<JobOutcome> {
    const { id, attempt } = step;
    await this.deps.steps.advance([{ id, expected: ['queued'], attempt, ...failure(error) }]);
    return DONE;
  }

  private async handOn(step: DurableStep, target: Target): Promise<JobOutcome> {
    const { steps, bell, clock } = this.deps;
    const { id, attempt, targetIndex, traceparent } = step;
    const moved = await steps.advanceOne({
      id,
      expected: ['queued'],
      attempt,
      targetIndex,
      queueUpstream: target.upstream,
      stepAtMs: clock.now(),
    });
    if (moved) await bell.ring({ upstream: target.upstream, generationId: id, traceparent });
    return DONE;
  }
}

function nothingServes(model: string): ErrorData {
  return { code: 'no_credential', message: `Nothing that could serve the model '${model}' is left.` };
}

function unsupported({ upstream }: Target, { input }: DurableStep): ErrorData {
  return { code: 'unsupported', message: `Upstream '${upstream}' has no ${input.kind}.` };
}
