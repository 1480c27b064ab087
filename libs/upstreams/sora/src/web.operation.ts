import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
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
  /** Made for it alone, and not removed yet. */
  references?: string[];
  /** Noted while no list tells of it; forgotten with the next word of it. */
  missing?: { sinceMs: number; looks: number } | undefined;
}

/** Whatever notes how long no list has told of it. */
type Missable = Pick<WebOperation, 'missing'>;

export function toOperation({ id, acceptedAtMs, references = [], ...rest }: WebOperation): Operation {
  return { id, acceptedAtMs, ...present(rest), ...(references.length > 0 && { references }) };
}

export function readOperation(operation: Operation): WebOperation {
  const { id, acceptedAtMs, generationId, rendition, references, missing } = operation;
  if (typeof id !== 'string' || id === '')
    throw new GatewayError('internal', 'An operation of this upstream has no id.');
  const { sinceMs, looks } = isJsonObject(missing) ? missing : {};
  return {
    id,
    acceptedAtMs: typeof acceptedAtMs === 'number' ? acceptedAtMs : 0,
    ...(typeof generationId === 'string' && { generationId }),
    ...(rendition === 'unmarked' && { rendition }),
    ...(Array.isArray(references) && { references: readReferences(references) }),
    ...(typeof sinceMs === 'number' && typeof looks === 'number' && { missing: { sinceMs, looks } }),
  };
}

/** As they were noted before the submission, or with the operation. */
export function readReferences(noted: Json | undefined): string[] {
  return Array.isArray(noted) ? noted.filter((id) => typeof id === 'string') : [];
}

/** Between the list of what is made and the list of what is done lies a while in which neither tells of it. */
const LEAST_LOOKS = 4;
const LEAST_MISSING_MS = 180_000;

export function noteMissing<Noted extends Missable>(operation: Noted, nowMs: number): Noted {
  const { sinceMs, looks } = operation.missing ?? { sinceMs: nowMs, looks: 0 };
  return { ...operation, missing: { sinceMs, looks: looks + 1 } };
}

/** Some list tells of it again. */
export function noteSeen<Noted extends Missable>(operation: Noted): Noted {
  return operation.missing === undefined ? operation : { ...operation, missing: undefined };
}

export function isLost({ missing }: Missable, nowMs: number): boolean {
  return missing !== undefined && missing.looks >= LEAST_LOOKS && nowMs - missing.sinceMs >= LEAST_MISSING_MS;
}
