import type { Lease } from '@sluice/contracts/credential';
import type { LeaseRequest } from './credential-source.js';
import { rulesFor, type LeaseRule } from './lease-rule.js';
import type { TakenLease } from './lease-store.js';
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

/** The store's word on a credential is a moment old at most where it is relied on. */
const WORD_HOLDS_MS = 100;

/** Not yet granted, and its secret not opened. */
export function newHeldLease(lease: {
  id: string;
  credential: PooledCredential;
  request: LeaseRequest;
  nowMs: number;
  leaseMs: number;
}): HeldLease {
  const { id, credential, request, nowMs, leaseMs } = lease;
  const { row } = credential;
  return {
    lease: {
      id,
      credentialId: row.id,
      epoch: credential.free?.epoch ?? 0,
      expiresAtMs: nowMs + leaseMs,
      kind: '',
      secret: undefined,
      baseUrl: null,
      allowPrivateNetwork: false,
    },
    credential,
    request,
    rules: rulesFor(row, { use: request.use, model: request.model, nowMs }),
    isOnTrial: row.state !== 'ready',
    sinceMs: nowMs,
  };
}

export function grant(held: HeldLease, { epoch, isOnTrial, busy }: TakenLease): void {
  const { lease, credential, request, rules, sinceMs } = held;
  lease.epoch = epoch;
  held.isOnTrial ||= isOnTrial;
  const isCounted = busy !== undefined || rules.length > 0;
  // What was sent before a failure was seen may have been answered before that was told.
  if (isCounted || held.isOnTrial || sinceMs <= credential.refusedAtMs) {
    credential.free = undefined;
    return;
  }
  const { use, model } = request;
  credential.free = { use, model, epoch, untilMs: sinceMs + WORD_HOLDS_MS };
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
