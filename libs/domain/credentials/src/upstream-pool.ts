import type { Flag } from '@sluice/platform-config/flag';
import { CandidateGroup } from './candidate-group.js';
import type { LeaseRequest } from './credential-source.js';
import { servesModel, type PooledCredential } from './pooled-credential.js';

/** Members looked at for one choice; the next choice goes on from there. */
const EXAMINED_PER_CHOICE = 10_000;

/** Who may be tried now and, where nobody may, when that will change. */
export interface Selection {
  candidates: PooledCredential[];
  /** Undefined where waiting changes nothing. */
  nextFreeMs: number | undefined;
  /** Enabled credentials that serve the model, whether or not they are free or excluded. */
  servingCount: number;
}

/** All credentials of one upstream in this process's memory. */
export class UpstreamPool {
  private readonly byId = new Map<string, PooledCredential>();
  private readonly real = new CandidateGroup();
  private readonly demo = new CandidateGroup();

  constructor(private readonly demoRule: Flag) {}

  get(id: string): PooledCredential | undefined {
    return this.byId.get(id);
  }

  put(credential: PooledCredential): void {
    this.remove(credential.row.id);
    this.byId.set(credential.row.id, credential);
    if (credential.row.enabled) this.groupOf(credential).add(credential);
  }

  remove(id: string): void {
    const credential = this.byId.get(id);
    if (credential === undefined) return;
    this.byId.delete(id);
    this.groupOf(credential).remove(credential);
  }

  /** 0 ends a rest. */
  rest(credential: PooledCredential, untilMs: number): void {
    credential.restsUntilMs = untilMs;
    this.groupOf(credential).place(credential);
  }

  select({ request, count, nowMs }: { request: LeaseRequest; count: number; nowMs: number }): Selection {
    if (request.pinned !== undefined) return this.selectPinned(request, request.pinned, nowMs);
    const selection: Selection = { candidates: [], nextFreeMs: undefined, servingCount: 0 };
    for (const group of this.servingGroups()) {
      group.wake(nowMs);
      const { ring, servingCount } = group.ringOf(request.model);
      selection.servingCount += servingCount;
      if (servingCount > ring.size) selection.nextFreeMs = earlier(selection.nextFreeMs, group.nextWakeMs);
      const missing = count - selection.candidates.length;
      selection.candidates.push(
        ...ring.deal({
          count: missing,
          examined: EXAMINED_PER_CHOICE,
          accept: (one) => this.accept(one, request, nowMs, selection),
        }),
      );
    }
    return selection;
  }

  private accept(credential: PooledCredential, request: LeaseRequest, nowMs: number, selection: Selection): boolean {
    if (request.excluded?.includes(credential.row.id)) return false;
    const fullUntilMs = credential.fullUntilMs.get(request.use);
    if (fullUntilMs === undefined || fullUntilMs <= nowMs) return true;
    selection.nextFreeMs = earlier(selection.nextFreeMs, fullUntilMs);
    return false;
  }

  private selectPinned(request: LeaseRequest, id: string, nowMs: number): Selection {
    const credential = this.byId.get(id);
    if (credential === undefined || !credential.row.enabled || !servesModel(credential, request.model)) {
      return { candidates: [], nextFreeMs: undefined, servingCount: 0 };
    }
    const busyUntilMs = Math.max(credential.restsUntilMs, credential.fullUntilMs.get(request.use) ?? 0);
    return busyUntilMs > nowMs
      ? { candidates: [], nextFreeMs: busyUntilMs, servingCount: 1 }
      : { candidates: [credential], nextFreeMs: undefined, servingCount: 1 };
  }

  /** Demo credentials give way to the first real one. */
  private servingGroups(): CandidateGroup[] {
    if (this.demoRule === 'off') return [this.real];
    if (this.demoRule === 'on') return [this.real, this.demo];
    return [this.real.size > 0 ? this.real : this.demo];
  }

  private groupOf(credential: PooledCredential): CandidateGroup {
    return credential.row.demo ? this.demo : this.real;
  }
}

function earlier(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.min(left, right);
}
