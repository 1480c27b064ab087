/** What the lease scripts promise, as plainly as it can be said: the property test compares both, step by step. */
export class LeaseModel {
  nowMs = 0;
  isOpen = true;
  lastEpoch = 0;
  /** Per credential: lease → when it ends. One that has ended stays until somebody clears it away. */
  private readonly sets = new Map<string, Map<string, number>>();

  constructor(
    private readonly limits: Readonly<Record<string, number>>,
    private readonly leaseMs: number,
  ) {}

  /** Which candidate gets it; undefined where none has room. */
  lease(leaseId: string, candidates: readonly string[]): number | undefined {
    for (const [position, id] of candidates.entries()) {
      if (!this.hasRoom(id)) continue;
      if (this.isOpen) this.setOf(id).set(leaseId, this.nowMs + this.leaseMs);
      return position;
    }
    return undefined;
  }

  release(id: string, leaseId: string): void {
    this.setOf(id).delete(leaseId);
  }

  renew(id: string, leaseId: string): boolean {
    const isKept = !this.isOpen || this.setOf(id).has(leaseId) || this.hasRoom(id);
    if (isKept) this.setOf(id).set(leaseId, this.nowMs + this.leaseMs);
    return isKept;
  }

  advance(ms: number): void {
    this.nowMs += ms;
  }

  lose(): void {
    this.isOpen = false;
    this.sets.clear();
  }

  isLive(id: string, leaseId: string): boolean {
    return (this.setOf(id).get(leaseId) ?? 0) > this.nowMs;
  }

  live(id: string): number {
    return [...this.setOf(id).values()].filter((end) => end > this.nowMs).length;
  }

  limitOf(id: string): number {
    return this.limits[id] ?? 0;
  }

  private hasRoom(id: string): boolean {
    const set = this.setOf(id);
    for (const [leaseId, end] of set) if (end <= this.nowMs) set.delete(leaseId);
    return set.size < this.limitOf(id);
  }

  private setOf(id: string): Map<string, number> {
    const set = this.sets.get(id) ?? new Map<string, number>();
    this.sets.set(id, set);
    return set;
  }
}
