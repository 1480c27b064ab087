import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { Part } from '@sluice/contracts/part';
import type { DurableChange } from '@sluice/domain-generations/durable-change';
import type { OperationStep } from '@sluice/upstream-kit/job';
import type { DurableTiming } from './durable-deps.js';

/** What is known of running work when a step of it comes in. */
export interface RunningWork {
  id: string;
  attempt: number;
  progress: number;
  submittedAtMs: number;
  deadlineAtMs: number;
  operation: JsonObject;
}

/** Of its age: what has just begun is looked at often, what takes long every so often. */
const SHARE_OF_AGE = 0.1;

export function pollIntervalMs(ageMs: number, timing: Pick<DurableTiming, 'firstPollMs' | 'longestPollMs'>): number {
  return Math.min(Math.max(ageMs * SHARE_OF_AGE, timing.firstPollMs), timing.longestPollMs);
}

/** What a look at an operation changes. */
export function changeOf(
  work: RunningWork,
  step: OperationStep,
  { timing, nowMs }: { timing: DurableTiming; nowMs: number },
): DurableChange {
  const change = { id: work.id, expected: ['submitted'], attempt: work.attempt } satisfies DurableChange;
  if (step.type === 'failed') return { ...change, ...failure(step.error), ...newer(work, step.operation) };
  if (step.type === 'done') {
    const { files, facts = {} } = step;
    return {
      ...change,
      state: 'collecting',
      upstreamFiles: files,
      facts,
      stepAtMs: nowMs,
      ...newer(work, step.operation),
    };
  }
  const wishMs = step.type === 'running' ? step.pollAfterMs : undefined;
  if (nowMs >= work.deadlineAtMs) return { ...change, ...expiry() };
  const progress = step.type === 'running' && step.progress !== undefined ? Math.floor(step.progress) : work.progress;
  const parts: Part[] = progress > work.progress ? [{ type: 'progress', progress }] : [];
  return {
    ...change,
    // A wish of no time at all would be due again before its answer is written.
    pollAtMs: nowMs + Math.max(wishMs ?? pollIntervalMs(nowMs - work.submittedAtMs, timing), timing.shortestTickMs),
    ...(parts.length > 0 && { progress, parts }),
    ...newer(work, step.operation),
  };
}

/** The end of what the upstream gave up: nothing was made, so nothing was used. */
export function failure(error: ErrorData): Pick<DurableChange, 'state' | 'error' | 'used' | 'parts'> {
  return { state: 'failed', error, used: 0, parts: [{ type: 'failed', error }] };
}

/** The end of what went on past its deadline: it may yet be made, and paid. */
export function expiry(): Pick<DurableChange, 'state' | 'error' | 'parts'> {
  const error: ErrorData = {
    code: 'deadline_exceeded',
    message: 'The upstream did not finish it before its deadline.',
  };
  return { state: 'expired', error, parts: [{ type: 'failed', error }] };
}

/** An adapter's notes are written only where they have changed. */
function newer(work: RunningWork, operation: JsonObject): Pick<DurableChange, 'operation'> {
  return JSON.stringify(operation) === JSON.stringify(work.operation) ? {} : { operation };
}
