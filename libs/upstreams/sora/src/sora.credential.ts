import { GatewayError } from '@sluice/contracts/gateway-error';
import { soraManifest } from '@sluice/manifests/sora';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { z } from 'zod';

const { 'videos-api': videosApi, session } = soraManifest.kinds;

/** What is sealed for an account: its key, or the tokens of who is signed in. */
export const soraCredentialSchema = z.union([videosApi.secret, session.secret]);
export type SoraCredential = z.infer<typeof soraCredentialSchema>;
export type ApiCredential = z.infer<typeof videosApi.secret>;
export type WebCredential = z.infer<typeof session.secret>;

/** The context as the website's part knows it, where the account is a session. */
export function asSession<Context extends AccountContext<SoraCredential>>(
  context: Context,
): (Context & { credential: WebCredential }) | undefined {
  return isSession(context) ? context : undefined;
}

/** The context as the part of the videos protocol knows it. */
export function asKeyHolder<Context extends AccountContext<SoraCredential>>(
  context: Context,
): Context & { credential: ApiCredential } {
  if (hasKey(context)) return context;
  throw new GatewayError('internal', 'A session was taken for a key.', { saw: 'nothing' });
}

function isSession<Context extends AccountContext<SoraCredential>>(
  context: Context,
): context is Context & { credential: WebCredential } {
  return !('apiKey' in context.credential);
}

function hasKey<Context extends AccountContext<SoraCredential>>(
  context: Context,
): context is Context & { credential: ApiCredential } {
  return 'apiKey' in context.credential;
}
