import { GatewayError } from '@sluice/contracts/gateway-error';

/** As large as the rows can hold: no event has a greater number. */
const LARGEST_SEQUENCE = 2 ** 31 - 1;

/** The event that a client has seen last, by its own word; 0 where it says none. */
export function readSequence(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  const sequence = Number(text);
  if (Number.isInteger(sequence) && sequence >= 0 && sequence <= LARGEST_SEQUENCE) return sequence;
  throw new GatewayError('invalid_request', 'Last-Event-ID must be the number of an event.', {
    param: 'Last-Event-ID',
  });
}
