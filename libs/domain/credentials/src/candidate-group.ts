import { CandidateRing } from './candidate-ring.js';
import { servesModel, type PooledCredential } from './pooled-credential.js';
import { RestHeap } from './rest-heap.js';

/** Rings are made per model on first use; the least recently made goes when there are too many. */
const MAXIMUM_RINGS = 2_000;

interface ModelRing {
  ring: CandidateRing<PooledCredential>;
  /** Enabled credentials that serve the model, resting ones included. */
  servingCount: number;
}

/** The enabled credentials of one upstream that may stand in for each other. Those that rest are in no ring till they wake. */
export class CandidateGroup {
  private readonly members = new Set<PooledCredential>();
  private readonly rings = new Map<string, ModelRing>();
  private readonly resting = new RestHeap<PooledCredential>();

  get size(): number {
    return this.members.size;
  }

  add(credential: PooledCredential): void {
    this.members.add(credential);
    for (const [model, entry] of this.rings) {
      if (servesModel(credential, model)) entry.servingCount += 1;
    }
    this.place(credential);
  }

  remove(credential: PooledCredential): void {
    if (!this.members.delete(credential)) return;
    for (const [model, entry] of this.rings) {
      if (servesModel(credential, model)) entry.servingCount -= 1;
      entry.ring.remove(credential);
    }
  }

  /** Takes a credential out until `restsUntilMs`, or puts it back when that is 0. */
  place(credential: PooledCredential): void {
    if (!this.members.has(credential)) return;
    const isResting = credential.restsUntilMs > 0;
    for (const [model, { ring }] of this.rings) {
      if (isResting) ring.remove(credential);
      else if (servesModel(credential, model)) ring.add(credential);
    }
    if (isResting) this.resting.push({ untilMs: credential.restsUntilMs, member: credential });
  }

  /** Puts back those whose rest is over. */
  wake(nowMs: number): void {
    for (let first = this.resting.first; first !== undefined && first.untilMs <= nowMs; first = this.resting.first) {
      this.resting.pop();
      // An entry that a longer or a cancelled rest has overtaken says nothing.
      if (first.member.restsUntilMs !== first.untilMs) continue;
      first.member.restsUntilMs = 0;
      this.place(first.member);
    }
  }

  /** When the next of them wakes; undefined when none rests. */
  get nextWakeMs(): number | undefined {
    return this.resting.first?.untilMs;
  }

  ringOf(model: string): ModelRing {
    const existing = this.rings.get(model);
    if (existing !== undefined) return existing;
    const entry: ModelRing = { ring: new CandidateRing(), servingCount: 0 };
    for (const credential of this.members) {
      if (!servesModel(credential, model)) continue;
      entry.servingCount += 1;
      if (credential.restsUntilMs === 0) entry.ring.add(credential);
    }
    this.forgetOldest();
    this.rings.set(model, entry);
    return entry;
  }

  private forgetOldest(): void {
    if (this.rings.size < MAXIMUM_RINGS) return;
    const [oldest] = this.rings.keys();
    if (oldest !== undefined) this.rings.delete(oldest);
  }
}
