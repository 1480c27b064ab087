import type { Clock } from '@sluice/contracts/clock';

/** A line costs all replicas together a few milliseconds of a processor, however long its answer takes; and a day has 86,400 s. */
const BESIDE_PER_SECOND = 5;
/** One after the other: several that begin together are felt by who calls in that moment. */
const MOST_SAVED = 1;

/** How many lines may begin: as many as there is room for where nobody else calls, and else so few that they are not felt. */
export class BatchPace {
  private saved = MOST_SAVED;
  private countedAtMs: number;

  constructor(private readonly options: { clock: Pick<Clock, 'now'>; isBusy(): boolean }) {
    this.countedAtMs = options.clock.now();
  }

  allow(wanted: number): number {
    const nowMs = this.options.clock.now();
    const gained = ((nowMs - this.countedAtMs) / 1_000) * BESIDE_PER_SECOND;
    this.countedAtMs = nowMs;
    this.saved = Math.min(MOST_SAVED, this.saved + gained);
    if (!this.options.isBusy()) return wanted;
    const allowed = Math.min(wanted, Math.floor(this.saved));
    this.saved -= allowed;
    return allowed;
  }
}
