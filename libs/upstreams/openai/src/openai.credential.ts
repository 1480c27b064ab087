import { GatewayError } from '@sluice/contracts/gateway-error';
import { openaiManifest } from '@sluice/manifests/openai';
import { z } from 'zod';

const { 'api-key': apiKey, degpt } = openaiManifest.kinds;

/** What is sealed for an account: its key, or DeGPT's visitor with the session that it was given. */
export const openaiCredentialSchema = z.union([apiKey.secret, degpt.secret]);
export type OpenaiCredential = z.infer<typeof openaiCredentialSchema>;
export type DegptCredential = z.infer<typeof degpt.secret>;

/** The visitor, where the account is DeGPT's. */
export function asDegpt(credential: OpenaiCredential): DegptCredential | undefined {
  return 'id' in credential ? credential : undefined;
}

/** The same account, where it can be asked for more than chat: DeGPT's visitor cannot. */
export function asKeyHolder<Context extends { credential: OpenaiCredential }>(context: Context, what: string): Context {
  if (asDegpt(context.credential) === undefined) return context;
  throw new GatewayError('upstream_model_missing', `DeGPT has no ${what}.`, { saw: 'nothing' });
}
