import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';

/** What an adapter needs of a leased account, whatever it is asked to do with it. */
export function createAccountContext<Credential>(options: {
  upstream: Upstream<Credential>;
  lease: Lease;
  http: HttpPort;
  clock: Clock;
  signal: AbortSignal;
}): AccountContext<Credential> {
  const { upstream, lease, http, clock, signal } = options;
  const baseUrl = lease.baseUrl ?? upstream.manifest.kinds[lease.kind]?.defaultBaseUrl;
  if (!baseUrl) throw new GatewayError('internal', `Credential ${lease.credentialId} has no base URL.`);
  const { credentialId, kind, chatHabits } = lease;
  const credential = upstream.credential.parse(lease.secret);
  const context: AccountContext<Credential> = { credential, credentialId, kind, baseUrl, http, clock, signal };
  if (chatHabits) context.chatHabits = chatHabits;
  return context;
}
