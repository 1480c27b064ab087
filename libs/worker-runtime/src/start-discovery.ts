import { randomUUID } from 'node:crypto';
import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import type { HttpPort } from '@sluice/contracts/http-port';
import { CredentialRepository } from '@sluice/domain-credentials/credential-repository';
import type { CredentialSource } from '@sluice/domain-credentials/credential-source';
import { RouteRepository } from '@sluice/domain-routing/route-repository';
import type { Flag } from '@sluice/platform-config/flag';
import type { Logger } from '@sluice/platform-logger/logger';
import { watchChanges } from '@sluice/platform-postgres/watch-changes';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { ModelDiscovery, type OpenCredential } from './model-discovery.js';
import type { WorkerStores } from './worker-stores.js';

const MOST_CREDENTIALS = 1_000;

export interface StartDiscoveryOptions<Credential> {
  upstream: Upstream<Credential>;
  stores: WorkerStores;
  source: CredentialSource;
  demo: Flag;
  clock: Clock;
  logger: Logger;
  httpFor(lease: Lease): HttpPort;
}

/** Keeps the list of the upstream's own models up to date. Returns how to end it. */
export function startDiscovery<Credential>(options: StartDiscoveryOptions<Credential>): () => void {
  const { upstream, stores, source, demo, clock, logger, httpFor } = options;
  const { id } = upstream.manifest;
  const routes = new RouteRepository(stores.postgres);
  const credentials = new CredentialRepository(stores.postgres);
  const discovery = new ModelDiscovery({
    upstream,
    clock,
    httpFor,
    listCredentials: () => listOpen({ credentials, upstream: id, demo }),
    async lease(credentialId) {
      const generationId = `discovery_${randomUUID()}`;
      const answer = await source.lease({ upstream: id, use: 'upkeep', model: '', generationId, pinned: credentialId });
      return answer.type === 'leased' ? answer.lease : undefined;
    },
    release: (lease) => source.release(lease, { type: 'abandoned' }),
    takeTurn: async (forMs) => (await stores.redis.set(`sluice:discovery:${id}`, '1', 'PX', forMs, 'NX')) === 'OK',
    save: (models) => routes.saveKnownModels(id, models),
    forget: () => routes.forgetKnownModels(id),
    onError: (error) => logger.warn({ err: error }, 'the models of the upstream could not be read'),
  });
  const wake = () => discovery.wake();
  const stopWatching = watchChanges(stores.listener, { table: 'credential', onChange: wake, onGap: wake });
  return () => {
    stopWatching();
    discovery.stop();
  };
}

/** Demo credentials stand aside for the operator's own, as they do in the pool. */
async function listOpen(options: {
  credentials: CredentialRepository;
  upstream: string;
  demo: Flag;
}): Promise<OpenCredential[]> {
  const { credentials, upstream, demo } = options;
  const rows = (await credentials.list({ upstream, limit: MOST_CREDENTIALS })).filter(({ enabled }) => enabled);
  const hasReal = rows.some((row) => !row.demo);
  return rows
    .filter((row) => row.models === null && (!row.demo || demo === 'on' || (demo === 'auto' && !hasReal)))
    .map(({ id, kind, baseUrl }) => ({ id, source: `${kind} ${baseUrl ?? ''}` }));
}
