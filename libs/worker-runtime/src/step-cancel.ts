import type { ErrorData } from '@sluice/contracts/gateway-error';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import type { DurableStep } from '@sluice/domain-generations/durable-step';
import type { JobOutcome } from '@sluice/platform-queue/job-handle';
import { ownerContext } from './durable-context.js';
import type { DurableDeps } from './durable-deps.js';
import { isAttended, jobOf } from './durable-job.js';
import { settleWork } from './settle-work.js';
import { USE_OF_DURABLE } from './step-submit.js';

/** A submission under way tells its end within this; then it can be cancelled. */
const SUBMITTING_WAIT_MS = 500;

/** The step of a generation that somebody wants ended: the upstream is told where it can be, and the row says which it was. */
export class CancelStep<Credential> {
  constructor(private readonly deps: DurableDeps<Credential>) {}

  async run(step: DurableStep): Promise<JobOutcome> {
    const { steps, clock } = this.deps;
    const { id, attempt, state, input } = step;
    // Who is at work on it himself hears with its next beat that it is over.
    if (
      state === 'submitting' &&
      !isAttended(this.deps.upstream, input.kind) &&
      clock.now() < (step.place?.submittedAtMs ?? 0) + this.deps.timing.lookUpAfterMs
    )
      return { type: 'put-back', delayUntilMs: clock.now() + SUBMITTING_WAIT_MS };
    const end = await this.endOf(step);
    const moved = await steps.advanceOne({
      id,
      expected: [state],
      attempt,
      state: 'cancelled',
      error: end,
      // Only what was never submitted cost nothing for certain.
      ...(step.place === undefined && { used: 0 }),
      parts: [{ type: 'cancelled', reason: end.message }],
    });
    // It moved on meanwhile: look again.
    if (!moved) return { type: 'put-back', delayUntilMs: clock.now() + SUBMITTING_WAIT_MS };
    if (step.place) {
      const { upstream, credentialId, model, leaseId = id } = step.place;
      const slot = { upstream, credentialId, use: USE_OF_DURABLE[input.kind], model, leaseId };
      await settleWork(this.deps, { id, state: moved.state, slot });
    }
    return { type: 'done' };
  }

  private async endOf(step: DurableStep): Promise<ErrorData> {
    const { source, upstream, timing } = this.deps;
    const { place, operation, input } = step;
    if (input.kind === 'chat') return cancelled('while it was answered');
    if (!place) return cancelled('before it was submitted; nothing was used');
    if (!operation && isAttended(upstream, input.kind) && step.state === 'submitting')
      return cancelled('while it was made; the call is given up, and may have been paid');
    if (!operation) return cancelled('while it was not known whether the upstream had taken it');
    const lease = source.open(place.credentialId);
    const cancel = jobOf(upstream, input.kind)?.cancel;
    if (!lease || !cancel) return cancelled('here; the upstream cannot be told, and may go on');
    const signal = AbortSignal.timeout(timing.callTimeoutMs);
    try {
      await cancel(operation, ownerContext(this.deps, { lease, baseUrl: place.baseUrl, signal }));
      return cancelled('here and at the upstream');
    } catch (thrown) {
      const { message } = toGatewayError(thrown);
      return cancelled(`here; the upstream was told, and did not take it: ${message}`);
    }
  }
}

function cancelled(how: string): ErrorData {
  return { code: 'cancelled', message: `Cancelled ${how}.`.replace(/\.\.$/, '.') };
}
