import { GatewayError } from '@sluice/contracts/gateway-error';

/** For answers that are told in no single JSON object. */
export function neverWhole(): never {
  throw new GatewayError('internal', 'This answer is never told as one object.');
}

/** For answers that are never told as events. */
export function neverStreamed(): never {
  throw new GatewayError('internal', 'This answer is never streamed.');
}
