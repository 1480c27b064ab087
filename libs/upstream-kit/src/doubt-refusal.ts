import { GatewayError } from '@sluice/contracts/gateway-error';

/**
 * To be thrown of a call that is paid. A server between may give it up in the middle: a 5xx says that nothing was made only
 * where the vendor says so itself, by a code of its own or a time to come back.
 */
export function doubtRefusal(thrown: unknown): never {
  if (!(thrown instanceof GatewayError)) throw thrown;
  const { saw, upstreamStatus = 0, upstreamCode = '', retryAfterMs } = thrown.data;
  const isSaid = upstreamCode !== '' || retryAfterMs !== undefined;
  if (saw !== 'refused' || upstreamStatus < 500 || isSaid) throw thrown;
  const { code, message, ...rest } = thrown.data;
  throw new GatewayError(code, message, { ...rest, saw: 'unknown', cause: thrown });
}
