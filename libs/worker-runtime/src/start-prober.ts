import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import type { HttpPort } from '@sluice/contracts/http-port';
import { present } from '@sluice/contracts/present';
import type { CredentialPool } from '@sluice/domain-credentials/credential-pool';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { CredentialProber } from './credential-prober.js';
import type { WorkerStores } from './worker-stores.js';

export interface StartProberOptions<Credential> {
  upstream: Upstream<Credential>;
  stores: Pick<WorkerStores, 'redis'>;
  source: CredentialPool;
  clock: Clock;
  logger: Logger;
  httpFor(lease: Lease): HttpPort;
}

/** Looks after the accounts of one upstream. Returns how to end it. */
export function startProber<Credential>(options: StartProberOptions<Credential>): () => void {
  const { upstream, stores, source, clock, logger, httpFor } = options;
  const prober = new CredentialProber({
    upstream,
    clock,
    source,
    httpFor,
    due: () => source.dueForProbe(upstream.manifest.id),
    takeTurn: async (credentialId, forMs) =>
      (await stores.redis.set(`sluice:probe:${credentialId}`, '1', 'PX', forMs, 'NX')) === 'OK',
    keepLook: (lease, { plan, quotas, account }) =>
      plan || quotas || account ? source.reportLook(lease, present({ plan, quotas, account })) : Promise.resolve(),
    onError: (error) => logger.warn({ err: error }, 'a credential could not be probed'),
  });
  prober.start();
  return () => prober.stop();
}
