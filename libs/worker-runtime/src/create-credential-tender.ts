import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import type { HttpPort } from '@sluice/contracts/http-port';
import { present } from '@sluice/contracts/present';
import type { CredentialPool } from '@sluice/domain-credentials/credential-pool';
import { createCredentialAdmin } from '@sluice/domain-credentials/create-credential-admin';
import { CredentialContents } from '@sluice/domain-credentials/credential-contents';
import { CredentialRepository } from '@sluice/domain-credentials/credential-repository';
import { LeaseStore } from '@sluice/domain-credentials/lease-store';
import type { Vault } from '@sluice/domain-credentials/vault';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { createRefresher, hasSession } from './create-refresher.js';
import { CredentialTender } from './tend-credential.js';
import type { WorkerStores } from './worker-stores.js';

export interface CreateCredentialTenderOptions<Credential> {
  upstream: Upstream<Credential>;
  stores: Pick<WorkerStores, 'postgres' | 'redis' | 'requestRedis'>;
  vault: Vault;
  leaseMs: number;
  clock: Clock;
  logger: Logger;
  source: Pick<CredentialPool, 'reportLook'>;
  httpFor(lease: Lease): HttpPort;
}

/** The tender of a worker process, on its stores. */
export function createCredentialTender<Credential>(
  options: CreateCredentialTenderOptions<Credential>,
): CredentialTender<Credential> {
  const { upstream, stores, vault, leaseMs, clock, logger, source, httpFor } = options;
  const { postgres, redis } = stores;
  const repository = new CredentialRepository(postgres);
  const contents = new CredentialContents(vault);
  const leases = new LeaseStore({ redis: stores.requestRedis, prefix: 'sluice', leaseMs });
  const { admin } = createCredentialAdmin({ postgres, vault, leases, clock, logger });
  const refresher = createRefresher(options);
  return new CredentialTender({
    upstream,
    clock,
    httpFor,
    async open(id) {
      const row = await repository.find(id);
      if (row === undefined) return undefined;
      const { kind, baseUrl, allowPrivateNetwork } = row;
      const { proxyUrl } = contents.openSettings(row);
      return {
        id: '',
        credentialId: id,
        epoch: 0,
        expiresAtMs: 0,
        kind,
        secret: contents.openSecret(row),
        baseUrl,
        allowPrivateNetwork,
        ...(proxyUrl !== undefined && { proxyUrl }),
      };
    },
    keepLook: (credentialId, { plan, quotas, account }) =>
      plan || quotas || account
        ? source.reportLook({ credentialId }, present({ plan, quotas, account }))
        : Promise.resolve(),
    async forgive(id) {
      await admin.reset(id);
    },
    ...(refresher && {
      async refresh(id: string) {
        const row = await repository.find(id);
        if (row === undefined) return 'gone';
        if (hasSession(upstream, row.kind)) return refresher.refresh(row);
        throw new GatewayError('unsupported', `A credential of kind '${row.kind}' has no session to refresh.`);
      },
    }),
    reply: (channel, text) => redis.publish(channel, text),
  });
}
