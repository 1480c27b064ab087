import { isFinal } from '@sluice/contracts/durable-generation';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { StepGeneration } from '@sluice/contracts/jobs';
import { stepJobId } from '@sluice/domain-generations/durable-bell';
import type { DurableStep } from '@sluice/domain-generations/durable-step';
import type { JobHandle, JobOutcome } from '@sluice/platform-queue/job-handle';
import type { DurableDeps } from './durable-deps.js';
import { isAttended } from './durable-job.js';
import { tidyPreviews } from './previews.js';
import { CancelStep } from './step-cancel.js';
import { CollectStep } from './step-collect.js';
import { FindStep } from './step-find.js';
import { SubmitStep } from './step-submit.js';

const STORE_PAUSE_MS = 1_000;

type StepJob = Pick<JobHandle, 'attempt' | 'signal'> & Partial<Pick<JobHandle, 'id'>>;

/** Does the next step of a durable generation, whichever its row says: a job that comes twice, late or for nothing does no harm. */
export class StepRunner<Credential> {
  private readonly submit: SubmitStep<Credential>;
  private readonly find: FindStep<Credential>;
  private readonly collect: CollectStep<Credential>;
  private readonly cancel: CancelStep<Credential>;

  constructor(private readonly deps: DurableDeps<Credential>) {
    this.submit = new SubmitStep(deps);
    this.find = new FindStep(deps);
    this.collect = new CollectStep(deps);
    this.cancel = new CancelStep(deps);
  }

  async run({ generationId }: StepGeneration, job: StepJob): Promise<JobOutcome> {
    const { steps, clock, onUnexpected } = this.deps;
    try {
      const step = await steps.find(generationId);
      if (job.id === stepJobId(generationId, 'tidy')) return await tidyPreviews(this.deps, { id: generationId, step });
      return step && !isFinal(step.state) ? await this.next(step, job) : { type: 'done' };
    } catch (error) {
      // A store of ours is away, or we have a bug: the row stands, and is looked at again.
      if (toGatewayError(error).code !== 'unavailable') onUnexpected(error, generationId);
      return { type: 'put-back', delayUntilMs: clock.now() + STORE_PAUSE_MS };
    }
  }

  private async next(step: DurableStep, job: StepJob): Promise<JobOutcome> {
    if (step.isCancelling) return this.cancel.run(step);
    switch (step.state) {
      case 'queued':
        return this.submit.run(step, job);
      case 'submitting':
        return this.isLost(step, job) ? this.doubt(step, job) : this.waitFor(step);
      case 'submit_unknown':
        return this.isDue(step) ? this.find.run(step) : this.waitFor(step);
      case 'collecting':
        return this.collect.run(step, job.signal);
      default:
        // What is submitted is the poll's.
        return { type: 'done' };
    }
  }

  /**
   * Ours still, after a bell that was rung twice; a lost worker's after its time, or when its job came back. Of what is attended
   * only the time counts: whoever has it says every second that it lives.
   */
  private isLost(step: DurableStep, job: Pick<JobHandle, 'attempt'>): boolean {
    return this.isDue(step) || (job.attempt > 1 && !isAttended(this.deps.upstream, step.input.kind));
  }

  /** A conversation is simply made again: no second one of it is left running anywhere. */
  private async doubt(step: DurableStep, job: StepJob): Promise<JobOutcome> {
    if (step.input.kind !== 'chat') return this.find.doubt(step);
    const { id, attempt } = step;
    const { steps, clock } = this.deps;
    const moved = await steps.advanceOne({
      id,
      expected: ['submitting'],
      attempt,
      state: 'queued',
      stepAtMs: clock.now(),
    });
    return moved ? this.submit.run({ ...step, state: 'queued' }, job) : { type: 'done' };
  }

  private isDue({ nextStepAtMs }: DurableStep): boolean {
    return nextStepAtMs === undefined || nextStepAtMs <= this.deps.clock.now();
  }

  private waitFor({ nextStepAtMs }: DurableStep): JobOutcome {
    return { type: 'put-back', delayUntilMs: nextStepAtMs ?? this.deps.clock.now() };
  }
}
