import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Operation } from '@sluice/contracts/operation';

/** What is kept of a video that was taken on. */
export interface SoraOperation {
  id: string;
  /** By our clock. */
  acceptedAtMs: number;
  /** The vendor tells progress as a part of one: then 1 is the whole, and not one percent. */
  tellsFractions?: boolean;
}

export function toOperation({ id, acceptedAtMs, tellsFractions }: SoraOperation): Operation {
  return { id, acceptedAtMs, ...(tellsFractions === true && { tellsFractions }) };
}

export function readOperation(operation: Operation): SoraOperation {
  const id = idIn(operation);
  if (id === undefined) throw new GatewayError('internal', 'An operation of this upstream has no id.');
  const { acceptedAtMs, tellsFractions } = operation;
  return {
    id,
    acceptedAtMs: typeof acceptedAtMs === 'number' ? acceptedAtMs : 0,
    ...(tellsFractions === true && { tellsFractions }),
  };
}

/** The vendor's id; an operator may have written the operation by hand. */
export function idIn({ id }: Operation): string | undefined {
  return typeof id === 'string' && id !== '' ? id : undefined;
}
