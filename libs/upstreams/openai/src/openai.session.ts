import { GatewayError } from '@sluice/contracts/gateway-error';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { signIn } from './degpt.session.js';
import { asDegpt, type OpenaiCredential } from './openai.credential.js';

/** A fresh session for DeGPT's visitor. A key has none. */
export async function refresh(context: AccountContext<OpenaiCredential>): Promise<OpenaiCredential> {
  const visitor = asDegpt(context.credential);
  if (visitor === undefined) throw new GatewayError('unsupported', 'A key has no session to refresh.');
  return (await signIn(visitor, context)).credential;
}
