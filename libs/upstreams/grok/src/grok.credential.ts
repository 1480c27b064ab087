import { GatewayError } from '@sluice/contracts/gateway-error';
import { grokManifest } from '@sluice/manifests/grok';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { z } from 'zod';

const { 'api-key': apiKey, session } = grokManifest.kinds;

/** What is sealed for an account: its key, or the session of its browser. */
export const grokCredentialSchema = z.union([apiKey.secret, session.secret]);
export type GrokCredential = z.infer<typeof grokCredentialSchema>;
export type XaiCredential = z.infer<typeof apiKey.secret>;
export type WebCredential = z.infer<typeof session.secret>;

/** The context as the website's part knows it, where the account is a session. */
export function asSession<Context extends AccountContext<GrokCredential>>(
  context: Context,
): (Context & { credential: WebCredential }) | undefined {
  return isSession(context) ? context : undefined;
}

/** The context as the API's part knows it. */
export function asKeyHolder<Context extends AccountContext<GrokCredential>>(
  context: Context,
): Context & { credential: XaiCredential } {
  if (hasKey(context)) return context;
  throw new GatewayError('internal', 'A session was taken for a key.', { saw: 'nothing' });
}

function isSession<Context extends AccountContext<GrokCredential>>(
  context: Context,
): context is Context & { credential: WebCredential } {
  return 'sso' in context.credential;
}

function hasKey<Context extends AccountContext<GrokCredential>>(
  context: Context,
): context is Context & { credential: XaiCredential } {
  return 'apiKey' in context.credential;
}
