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
