import type { Clock } from '@sluice/contracts/clock';
import type { DurableState } from '@sluice/contracts/durable-generation';
import { type ErrorData, GatewayError } from '@sluice/contracts/gateway-error';
import { generationTimeMs } from '@sluice/contracts/generation-id';
import type { Operation } from '@sluice/contracts/operation';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import type { DurableBell } from './durable-bell.js';
import type { DurableStep, SubmitPlace } from './durable-step.js';
import type { DurableSteps } from './durable-steps.js';

/** A generation that needs a human, as the row says. */
export interface StuckRow {
  id: string;
  kind: string;
  owner_key_id: string;
  model: string;
  state: DurableState;
  attempt: number;
  upstream: string | null;
  upstream_model: string | null;
  credential_id: string | null;
  operation: string | null;
  error: string | null;
  lookups: number;
  collects: number;
  created_at: Date;
  submitted_at: Date | null;
  deadline_at: Date;
  next_step_at: Date | null;
  cancel_requested_at: Date | null;
}

const listStuck = defineStatement<StuckRow, [overdue: Date, afterTime: Date, afterId: string, limit: number]>({
  name: 'list-stuck',
  url: new URL('../sql/list-stuck.sql', import.meta.url),
});

const OVERDUE_MS = 5 * 60_000;
const NOT_ENDED = ['queued', 'submitting', 'submit_unknown', 'submitted', 'collecting'] as const;

/** What an operator decides where nobody else can. */
export class OperatorActions {
  constructor(
    private readonly options: {
      postgres: Queryable;
      steps: Pick<DurableSteps, 'find' | 'advanceOne' | 'adopt'>;
      bell: Pick<DurableBell, 'ringNow' | 'ringPoll'>;
      clock: Clock;
    },
  ) {}

  /** The oldest first. */
  list({ after, limit }: { after?: string | undefined; limit: number }): Promise<StuckRow[]> {
    const { postgres, clock } = this.options;
    const afterMs = after === undefined ? 0 : (generationTimeMs(after) ?? 0);
    return listStuck.all(postgres, new Date(clock.now() - OVERDUE_MS), new Date(afterMs), after ?? '', limit);
  }

  /** Submits again what may have been taken: it can be paid twice, and that is the operator's word. */
  async resubmit(id: string): Promise<void> {
    const { steps, bell, clock } = this.options;
    const step = await this.unknown(id);
    const moved = await steps.advanceOne({
      id,
      expected: ['submit_unknown'],
      attempt: step.attempt,
      state: 'queued',
      stepAtMs: clock.now(),
    });
    if (!moved) throw movedOn(id);
    // Its job waits for the end of the time in which it could have been found.
    await bell.ringNow({ upstream: step.place.upstream, generationId: id });
  }

  /** Ends it as failed, whatever it waits for; `isUsed` says what becomes of the reservation. */
  async fail(id: string, { reason, isUsed }: { reason?: string | undefined; isUsed: boolean }): Promise<void> {
    const { steps } = this.options;
    const step = await this.found(id);
    const error: ErrorData = { code: 'outcome_unknown', message: reason ?? 'Ended by an operator.' };
    const moved = await steps.advanceOne({
      id,
      expected: NOT_ENDED,
      attempt: step.attempt,
      state: 'failed',
      error,
      ...(!isUsed && { used: 0 }),
      parts: [{ type: 'failed', error }],
    });
    if (!moved) throw movedOn(id);
  }

  /** The operator has found the work at the upstream. */
  async adopt(id: string, operation: Operation): Promise<void> {
    const { steps, bell, clock } = this.options;
    const { attempt, place } = await this.unknown(id);
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
    if (moved === 'taken')
      throw new GatewayError('invalid_request', 'Another generation owns this operation.', { param: 'operation' });
    if (!moved) throw movedOn(id);
    await bell.ringPoll({ upstream, credentialId, delayMs: 0 });
  }

  private async found(id: string): Promise<DurableStep> {
    const step = await this.options.steps.find(id);
    if (!step) throw new GatewayError('not_found', `There is no durable generation '${id}'.`, { param: 'id' });
    return step;
  }

  private async unknown(id: string): Promise<DurableStep & { place: SubmitPlace }> {
    const step = await this.found(id);
    const { place } = step;
    if (step.state === 'submit_unknown' && place) return { ...step, place };
    throw new GatewayError('invalid_request', `Generation '${id}' is ${step.state}: its outcome is not in doubt.`, {
      param: 'id',
    });
  }
}

function movedOn(id: string): GatewayError {
  return new GatewayError('invalid_request', `Generation '${id}' has moved on meanwhile; look at it again.`, {
    param: 'id',
  });
}
