import { GatewayError } from '@sluice/contracts/gateway-error';

/** What neither way to Grok is asked for, since it could not be done: told with the field, before anything is sent. */
export function unsupported(param: string, message: string): GatewayError {
  return new GatewayError('unsupported', message, { saw: 'nothing', param });
}
