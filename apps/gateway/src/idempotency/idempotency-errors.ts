import { GatewayError } from '@sluice/contracts/gateway-error';

const param = 'Idempotency-Key';

export function keyMismatch(): GatewayError {
  return new GatewayError('idempotency_mismatch', 'This Idempotency-Key was used with another body.', { param });
}

/** The first call is still at work: to ask again at once would only meet it again. */
export function keyInProgress(): GatewayError {
  return new GatewayError(
    'idempotency_in_progress',
    'The first call with this Idempotency-Key is still running; ask for its answer when it has ended.',
    { param },
  );
}
