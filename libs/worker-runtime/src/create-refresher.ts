import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import type { HttpPort } from '@sluice/contracts/http-port';
import { CredentialContents } from '@sluice/domain-credentials/credential-contents';
import { CredentialRepository } from '@sluice/domain-credentials/credential-repository';
import { LeaseStore } from '@sluice/domain-credentials/lease-store';
import { SessionRefresher } from '@sluice/domain-credentials/session-refresher';
import type { StoredCredential } from '@sluice/domain-credentials/stored-credential';
import { SwitchOff } from '@sluice/domain-credentials/switch-off';
import type { Vault } from '@sluice/domain-credentials/vault';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Upstream } from '@sluice/upstream-kit/upstream';
import { createAccountContext } from './account-context.js';
import type { WorkerStores } from './worker-stores.js';

export interface CreateRefresherOptions<Credential> {
  upstream: Upstream<Credential>;
  stores: Pick<WorkerStores, 'postgres' | 'redis'>;
  vault: Vault;
  leaseMs: number;
  clock: Clock;
  logger: Logger;
  httpFor(lease: Lease): HttpPort;
}

const CALL_TIMEOUT_MS = 30_000;

/** Undefined where the upstream's sessions cannot be refreshed. */
export function createRefresher<Credential>(options: CreateRefresherOptions<Credential>): SessionRefresher | undefined {
  const { upstream, stores, vault, leaseMs, clock, logger, httpFor } = options;
  if (!upstream.refresh) return undefined;
  const { postgres, redis } = stores;
  const contents = new CredentialContents(vault);
  const switchOff = new SwitchOff({ postgres, clock });
  const leases = new LeaseStore({ redis, prefix: 'sluice', leaseMs });
  const refresh = async (row: StoredCredential, secret: unknown): Promise<unknown> => {
    const { proxyUrl } = contents.openSettings(row);
    const lease = { ...toLease(row, secret), ...(proxyUrl !== undefined && { proxyUrl }) };
    const context = createAccountContext({
      upstream,
      lease,
      http: httpFor(lease),
      clock,
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    return upstream.refresh?.(context);
  };
  return new SessionRefresher({
    postgres,
    repository: new CredentialRepository(postgres),
    leases,
    vault,
    clock,
    logger,
    refresh,
    endsAtMs: (_row, secret) => upstream.expiresAtMs?.(upstream.credential.parse(secret)),
    onRefused: (row, reason) => switchOff.disableRefused(row, reason),
  });
}

/** Of an upstream's kinds, some hold what never runs out. */
export function hasSession<Credential>({ manifest }: Upstream<Credential>, kind: string): boolean {
  return manifest.kinds[kind]?.isSession === true;
}

/** No slot is taken: a session that has run out serves nobody else. */
function toLease({ id, kind, baseUrl, allowPrivateNetwork }: StoredCredential, secret: unknown): Lease {
  return { id: '', credentialId: id, epoch: 0, expiresAtMs: 0, kind, secret, baseUrl, allowPrivateNetwork };
}
