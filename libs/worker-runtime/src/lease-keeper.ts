import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import { InFlight } from '@sluice/contracts/in-flight';
import type { CredentialSource } from '@sluice/domain-credentials/credential-source';

const CHECK_INTERVAL_MS = 2_000;
/** A lease is renewed when less than this is left, which leaves room for failed tries. */
const RENEW_BEFORE_END_MS = 10_000;
/** Work stops this long before its lease ends, so that two never use one slot. */
const STOP_BEFORE_END_MS = 3_000;

interface Kept {
  lease: Lease;
  isRenewing: boolean;
  onLost: () => void;
}

/** Keeps the leases of long work alive, all with one timer; says so in time when one cannot be kept. */
export class LeaseKeeper {
  private readonly kept = new InFlight<Kept>();
  private stopTimer: (() => void) | undefined;

  constructor(private readonly options: { source: CredentialSource; clock: Clock }) {}

  start(): void {
    this.stopTimer = this.options.clock.after(CHECK_INTERVAL_MS, () => {
      this.start();
      for (const kept of this.kept.values()) this.check(kept);
    });
  }

  stop(): void {
    this.stopTimer?.();
  }

  /** Returns what ends the keeping. */
  keep(lease: Lease, onLost: () => void): () => void {
    const kept: Kept = { lease, isRenewing: false, onLost };
    this.kept.set(lease.id, kept);
    return () => this.kept.delete(lease.id);
  }

  private check(kept: Kept): void {
    const leftMs = kept.lease.expiresAtMs - this.options.clock.now();
    if (leftMs <= STOP_BEFORE_END_MS) return this.lose(kept);
    if (leftMs > RENEW_BEFORE_END_MS || kept.isRenewing) return;
    kept.isRenewing = true;
    this.options.source
      .renew(kept.lease)
      .then((isOurs) => {
        if (!isOurs) this.lose(kept);
      })
      // A store that does not answer is asked again at the next check, until the lease is about to end.
      .catch(() => {})
      .finally(() => {
        kept.isRenewing = false;
      });
  }

  private lose(kept: Kept): void {
    if (this.kept.delete(kept.lease.id)) kept.onLost();
  }
}
