import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { Operation } from '@sluice/contracts/operation';

/** What is kept of a video that was taken on. */
export interface SoraOperation {
  id: string;
  /** By our clock. */
  acceptedAtMs: number;
  /** The vendor tells progress as a part of one: then 1 is the whole, and not one percent. */
  tellsFractions?: boolean;
  /** Noted while the vendor says that it does not know the video; forgotten with the next word of it. */
  missing?: { sinceMs: number; looks: number };
}

export function toOperation({ id, acceptedAtMs, tellsFractions, missing }: SoraOperation): Operation {
  return { id, acceptedAtMs, ...(tellsFractions === true && { tellsFractions }), ...(missing && { missing }) };
}

export function readOperation(operation: Operation): SoraOperation {
  const id = idIn(operation);
  if (id === undefined) throw new GatewayError('internal', 'An operation of this upstream has no id.');
  const { acceptedAtMs, tellsFractions } = operation;
  const missing = missingIn(operation);
  return {
    id,
    acceptedAtMs: typeof acceptedAtMs === 'number' ? acceptedAtMs : 0,
    ...(tellsFractions === true && { tellsFractions }),
    ...(missing && { missing }),
  };
}

function missingIn({ missing }: Operation): SoraOperation['missing'] {
  if (!isJsonObject(missing)) return undefined;
  const { sinceMs, looks } = missing;
  return typeof sinceMs === 'number' && typeof looks === 'number' ? { sinceMs, looks } : undefined;
}

/** The vendor's id; an operator may have written the operation by hand. */
export function idIn({ id }: Operation): string | undefined {
  return typeof id === 'string' && id !== '' ? id : undefined;
}
