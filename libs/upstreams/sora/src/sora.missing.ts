import type { OperationStep } from '@sluice/upstream-kit/job';
import { toForgottenError } from './sora.error.js';
import { toOperation, type SoraOperation } from './sora.operation.js';

/** A redeploy, or a part of the vendor that knows nothing yet, says "no such video" for a while of what is running and paid. */
const LEAST_LOOKS = 5;
const LEAST_MS = 5 * 60_000;

/** The operation after one more look at which the vendor did not know it. */
export function noteMissing(operation: SoraOperation, nowMs: number): SoraOperation {
  const { sinceMs, looks } = operation.missing ?? { sinceMs: nowMs, looks: 0 };
  // What is counted further would only be written again and again.
  return { ...operation, missing: { sinceMs, looks: Math.min(looks + 1, LEAST_LOOKS) } };
}

/** Missing for so long that it is lost, if the vendor knows others. */
export function isOverdue({ missing }: SoraOperation, nowMs: number): boolean {
  return missing !== undefined && missing.looks >= LEAST_LOOKS && nowMs - missing.sinceMs >= LEAST_MS;
}

/** The end of a video that nobody will ever see. */
export function toLostStep(operation: SoraOperation): OperationStep {
  return { type: 'failed', operation: toOperation(operation), error: toForgottenError() };
}
