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
  /** Accounts of one of these plans or tiers only. */
  plans?: readonly string[];
  /** Only credentials that carry all of these. */
  tags?: readonly string[];
  /** Only credentials of this kind. */
  kind?: string;
  /** Only credentials of this group. */
  group?: string;
  /** A session, conversation or file that stays with its credential as long as that one can be used. */
  sticky?: string;
  /** Its use may begin before the store has booked it, where nobody counts such uses. */
  goesAhead?: boolean;
  /** Where it will wait for its turn when there is none: it is told by `onTurn` when one is free. */
  waiting?: {
    sinceMs: number;
    /** It waited before: it may stand in the queue still. */
    isAgain: boolean;
  };
}

/** Not now. `retryAtMs` is when the pool expects one to be free, or undefined where none ever will be as things stand. */
export interface NoneFree {
  retryAtMs?: number;
  /** Written for the caller: why, and what the operator can do. */
  reason: string;
  /** No enabled credential of this upstream serves the model at all. */
  isHopeless: boolean;
  /** It stands in the queue and is told when its turn comes. */
  isQueued?: boolean;
  /** For the case that nobody tells it. */
  lookAgainAtMs?: number;
  /** All rest, and it is among the first of those who wait: nobody else finds out that the rest is over. */
  restEndsAtMs?: number;
}

export type LeaseAnswer = { type: 'leased'; lease: Lease } | { type: 'none-free'; noneFree: NoneFree };

/** Somebody who waited for a credential, and for whom there is one now. */
export interface Turn {
  upstream: string;
  use: CredentialUse;
  generationId: string;
}

/** How a lease ended: the pool draws its own conclusions for the credential. */
export type LeaseOutcome =
  | { type: 'succeeded'; tokens?: number | undefined }
  | { type: 'failed'; error: ErrorData }
  | { type: 'abandoned' };

/** Where workers get credentials from. */
export interface CredentialSource {
  lease(request: LeaseRequest): Promise<LeaseAnswer>;
  /** False when the lease is lost: stop the work at once. */
  renew(lease: Lease): Promise<boolean>;
  /** Never throws: a release that fails is healed by the lease's end. */
  release(lease: Lease, outcome: LeaseOutcome): Promise<void>;
  close(): Promise<void>;
}
