import type { CredentialUse } from '@sluice/contracts/credential';

const UNKNOWN_MS = 100;
/** How much the newest counts. */
const SHARE = 0.2;
const SHORTEST_GUESS_MS = 20;
const LONGEST_GUESS_MS = 1_000;

/** How long leases are held, as a moving mean: tells when a full credential may have room again. */
export class HoldTimes {
  private readonly meanMs = new Map<CredentialUse, number>();

  record(use: CredentialUse, heldMs: number): void {
    const before = this.meanMs.get(use) ?? heldMs;
    this.meanMs.set(use, before + SHARE * (heldMs - before));
  }

  /** With `limit` holders that began at different times, one of them ends about so soon. */
  guessNextFreeMs(use: CredentialUse, limit: number): number {
    const guess = (this.meanMs.get(use) ?? UNKNOWN_MS) / Math.max(1, limit);
    return Math.min(Math.max(guess, SHORTEST_GUESS_MS), LONGEST_GUESS_MS);
  }
}
