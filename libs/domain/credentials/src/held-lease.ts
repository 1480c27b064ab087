import type { Lease } from '@sluice/contracts/credential';
import type { LeaseRequest } from './credential-source.js';
import type { LeaseRule } from './lease-rule.js';
import type { PooledCredential } from './pooled-credential.js';

/** What this process knows of a lease that it holds. */
export interface HeldLease {
  lease: Lease;
  credential: PooledCredential;
  request: LeaseRequest;
  rules: readonly LeaseRule[];
  /** Its success proves that the credential is well again. */
  isOnTrial: boolean;
  sinceMs: number;
}

/** As the store renews it. */
export function toKept({ lease, credential, request, rules }: HeldLease) {
  const hasModel = rules.some(({ type }) => type === 'simultaneous');
  const limit = credential.row.limits[request.use] ?? 0;
  return {
    credentialId: lease.credentialId,
    use: request.use,
    leaseId: lease.id,
    model: hasModel ? request.model : undefined,
    limit,
  };
}
