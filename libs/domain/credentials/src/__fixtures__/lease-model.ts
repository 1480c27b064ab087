/** What the lease scripts promise, as plainly as it can be said: the property test compares both, step by step. */
export class LeaseModel {
  nowMs = 0;
  isOpen = true;
  lastEpoch = 0;
  /** Per credential: lease → when it ends. One that has ended stays until somebody clears it away. */
  private readonly sets = new Map<string, Map<string, number>>();

  /** Per owner and model: when its rest ends, in the order in which they began. */
  private readonly rests = new Map<string, { owner: string; model: string; untilMs: number }>();

  constructor(
    private readonly limits: Readonly<Record<string, number>>,
    private readonly leaseMs: number,
    /** Who shares the rests of models with others, under which name. */
    private readonly groups: Readonly<Record<string, string>> = {},
  ) {}

  /** Which candidate gets it; undefined where none has room, or the model rests for all of them. */
  lease(leaseId: string, candidates: readonly string[], model: string): number | undefined {
    for (const [position, id] of candidates.entries()) {
      if (this.restMs(this.ownerOf(id), model) > 0 || !this.hasRoom(id)) continue;
      if (this.isOpen) this.setOf(id).set(leaseId, this.nowMs + this.leaseMs);
      return position;
    }
    return undefined;
  }

  /** A model was refused, and the upstream told how long; answers how long it rests now. */
  rest(owner: string, model: string, toldMs: number): number {
    const untilMs = Math.max(this.nowMs + toldMs, this.nowMs + this.restMs(owner, model));
    this.rests.set(`${owner} ${model}`, { owner, model, untilMs });
    return untilMs - this.nowMs;
  }

  /** An operator forgets what is held against those that share it. */
  forget(owner: string): void {
    for (const [key, rest] of this.rests) if (rest.owner === owner) this.rests.delete(key);
  }

  ownerOf(id: string): string {
    return this.groups[id] ?? id;
  }

  restMs(owner: string, model: string): number {
    return Math.max(0, (this.rests.get(`${owner} ${model}`)?.untilMs ?? 0) - this.nowMs);
  }

  /** What the database would remember of them. */
  remembered(): { owner: string; model: string; restMs: number }[] {
    return [...this.rests.values()].map(({ owner, model }) => ({ owner, model, restMs: this.restMs(owner, model) }));
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
