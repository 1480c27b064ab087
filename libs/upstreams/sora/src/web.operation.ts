import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { Operation } from '@sluice/contracts/operation';
import { present } from '@sluice/contracts/present';

/** What is kept of a task. */
export interface WebOperation {
  /** `task_…` */
  id: string;
  /** By our clock. */
  acceptedAtMs: number;
  /** The draft that it became: `gen_…`. What starts from this video names it. */
  generationId?: string;
  /** The file that was asked for. */
  rendition?: 'unmarked';
  /** Noted while no list tells of it; forgotten with the next word of it. */
  missing?: { sinceMs: number; looks: number };
}

export function toOperation({ id, acceptedAtMs, ...rest }: WebOperation): Operation {
  return { id, acceptedAtMs, ...present(rest) };
}

export function readOperation(operation: Operation): WebOperation {
  const { id, acceptedAtMs, generationId, rendition, missing } = operation;
  if (typeof id !== 'string' || id === '')
    throw new GatewayError('internal', 'An operation of this upstream has no id.');
  const { sinceMs, looks } = isJsonObject(missing) ? missing : {};
  return {
    id,
    acceptedAtMs: typeof acceptedAtMs === 'number' ? acceptedAtMs : 0,
    ...(typeof generationId === 'string' && { generationId }),
    ...(rendition === 'unmarked' && { rendition }),
    ...(typeof sinceMs === 'number' && typeof looks === 'number' && { missing: { sinceMs, looks } }),
  };
}

/** Between the list of what is made and the list of what is done lies a while in which neither tells of it. */
const LEAST_LOOKS = 4;
const LEAST_MISSING_MS = 180_000;

export function noteMissing(operation: WebOperation, nowMs: number): WebOperation {
  const { sinceMs, looks } = operation.missing ?? { sinceMs: nowMs, looks: 0 };
  return { ...operation, missing: { sinceMs, looks: looks + 1 } };
}

/** Some list tells of it again. */
export function noteSeen(operation: WebOperation): WebOperation {
  const { missing, ...seen } = operation;
  return missing === undefined ? operation : seen;
}

export function isLost({ missing }: WebOperation, nowMs: number): boolean {
  return missing !== undefined && missing.looks >= LEAST_LOOKS && nowMs - missing.sinceMs >= LEAST_MISSING_MS;
}
