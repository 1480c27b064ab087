import type { CredentialUse, Lease } from '@sluice/contracts/credential';
import type { ErrorData } from '@sluice/contracts/gateway-error';

/** What a worker asks the pool for. */
export interface LeaseRequest {
  upstream: string;
  use: CredentialUse;
  /** The target's model: a credential with an allow-list must name it. */
  model: string;
  generationId: string;
  /** Credentials that this generation already failed on. */
  excluded?: readonly string[];
  /** Only this one will do: it owns what is asked for. */
  pinned?: string;
}

/** Not now. `retryAtMs` is when the pool expects one to be free, or undefined where none ever will be as things stand. */
export interface NoneFree {
  retryAtMs?: number;
  /** Written for the caller: why, and what the operator can do. */
  reason: string;
  /** No enabled credential of this upstream serves the model at all. */
  isHopeless: boolean;
}

export type LeaseAnswer = { type: 'leased'; lease: Lease } | { type: 'none-free'; noneFree: NoneFree };

/** How a lease ended: the pool draws its own conclusions for the credential. */
export type LeaseOutcome = { type: 'succeeded' } | { type: 'failed'; error: ErrorData } | { type: 'abandoned' };

/** Where workers get credentials from. */
export interface CredentialSource {
  lease(request: LeaseRequest): Promise<LeaseAnswer>;
  /** False when the lease is lost: stop the work at once. */
  renew(lease: Lease): Promise<boolean>;
  /** Never throws: a release that fails is healed by the lease's end. */
  release(lease: Lease, outcome: LeaseOutcome): Promise<void>;
  close(): Promise<void>;
}
