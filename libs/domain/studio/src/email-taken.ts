import { GatewayError } from '@sluice/contracts/gateway-error';

export function emailTaken(): GatewayError {
  const text = 'An account with this email exists already.';
  return new GatewayError('invalid_request', text, { param: 'email', reason: 'EMAIL_EXISTS' });
}
