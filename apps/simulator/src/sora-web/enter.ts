import { admit, type Admission } from '../faults/admit.js';
import type { Exchange } from '../http/exchange.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { HandlerContext } from '../vendor.js';
import type { SoraAccount } from './sora-account.js';
import { readAccessToken } from './tokens.js';

export interface Entered extends Admission {
  readonly account: SoraAccount;
}

/** Checks who asks, and plays the faults that were asked for. */
export async function enter(
  exchange: Exchange,
  context: HandlerContext,
  subject: { model?: string; prompt?: string; bodyBytes?: number } = {},
): Promise<Entered> {
  const account = identify(exchange, context);
  return { account, ...(await admit(exchange, context, { model: '', prompt: '', ...subject })) };
}

/** Whose access token came with it. */
export function identify(exchange: Exchange, { state }: HandlerContext): SoraAccount {
  const bearer = /^Bearer (.+)$/i.exec(exchange.request.headers.authorization ?? '')?.[1];
  if (bearer === undefined) throw refusal(401, 'Missing bearer authentication in header');
  const token = readAccessToken(bearer);
  if (token === undefined)
    throw refusal(401, 'Could not parse your authentication token. Please try signing in again.');
  const account = state.sora.account(token.account);
  if (token.expiresAtMs !== undefined && token.expiresAtMs <= state.clock())
    throw refusal(401, 'Your authentication token has expired.', 'token_expired');
  if (token.epoch < account.accessEpoch)
    throw refusal(
      401,
      'Your authentication token has been invalidated. Please try signing in again.',
      'token_invalidated',
    );
  return account;
}

export function refusal(status: number, message: string, code?: string): SimulatedFailure {
  return new SimulatedFailure('invalid-request', { status, message, code, type: code ?? 'invalid_request_error' });
}
