import type { CredentialUse } from '@sluice/contracts/credential';
import type { Flag } from '@sluice/platform-config/flag';
import { planRank } from '@sluice/manifests/model-offer';
import { CandidateGroup } from './candidate-group.js';
import { poolSettingsSchema, type PoolSettings } from './credential-settings.js';
import type { LeaseRequest } from './credential-source.js';
import { fullUntil, modelRestUntil, serves, type PooledCredential } from './pooled-credential.js';
import { RANKED_BY_USE, SELECTION_ORDERS } from './selection-strategies.js';

/** Members looked at for one choice; the next choice goes on from there. */
const EXAMINED_PER_CHOICE = 10_000;
/** Of those that are thought full, so many are remembered. */
const FULL_REMEMBERED = 16;

/** Who may be tried now and, where nobody may, when that will change. */
export interface Selection {
  candidates: PooledCredential[];
  /** Some of those that would do, and had no room when last looked. */
  full: PooledCredential[];
  /** Told where nobody may be tried; undefined where waiting changes nothing. */
  nextFreeMs: number | undefined;
  /** Enabled credentials that serve the model, whether or not they are free or excluded. */
  servingCount: number;
}

/** All credentials of one upstream in this process's memory. */
export class UpstreamPool {
  settings: PoolSettings = poolSettingsSchema.parse({});
  private readonly byId = new Map<string, PooledCredential>();
  private readonly makeGroup: () => CandidateGroup;
  /** By the rank of their plans: nearly always one. */
  private readonly real: CandidateGroup[] = [];
  private readonly demo: CandidateGroup;

  constructor(
    private readonly demoRule: Flag,
    random: () => number = Math.random,
  ) {
    this.makeGroup = () =>
      new CandidateGroup(({ use }: { use: CredentialUse }) => SELECTION_ORDERS[this.settings.strategy](use, random));
    this.demo = this.makeGroup();
  }

  /** From now on; what is in use stays in use. */
  configure(settings: PoolSettings): void {
    this.settings = settings;
    for (const group of this.groups()) group.reorder();
  }

  get(id: string): PooledCredential | undefined {
    return this.byId.get(id);
  }

  all(): Iterable<PooledCredential> {
    return this.byId.values();
  }

  put(credential: PooledCredential): void {
    const before = this.byId.get(credential.row.id);
    if (before !== undefined) for (const [use, count] of before.busy) credential.busy.set(use, count);
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

  /** Requests for that model leave them alone until then. */
  restModel(credentials: readonly PooledCredential[], model: string, untilMs: number): void {
    for (const credential of credentials) {
      credential.modelRests ??= new Map();
      credential.modelRests.set(model, Math.max(untilMs, credential.modelRests.get(model) ?? 0));
    }
    for (const group of this.groups()) group.restModel(credentials, model);
  }

  /** For requests like this one it is out until then. */
  useUp(credential: PooledCredential, request: LeaseRequest, untilMs: number): void {
    this.groupOf(credential).useUp(credential, request, untilMs);
  }

  /** Tells what a lease, or the end of one, taught. */
  observe(
    credential: PooledCredential,
    seen: { use: CredentialUse; busy?: number | undefined; left?: number | undefined },
  ): void {
    if (seen.busy !== undefined) credential.busy.set(seen.use, Math.max(0, seen.busy));
    if (seen.left !== undefined) credential.quotaLeft = seen.left;
    if (RANKED_BY_USE.has(this.settings.strategy)) this.groupOf(credential).rerank(credential);
  }

  select({ request, count, nowMs }: { request: LeaseRequest; count: number; nowMs: number }): Selection {
    if (request.pinned !== undefined) return this.selectPinned(request, request.pinned, nowMs);
    const selection: Selection = { candidates: [], full: [], nextFreeMs: undefined, servingCount: 0 };
    const groups = this.servingGroups();
    for (const group of groups) {
      group.wake(nowMs);
      const { order, servingCount } = group.selected(request, nowMs);
      selection.servingCount += servingCount;
      const missing = count - selection.candidates.length;
      const accept = (one: PooledCredential) => this.accept(one, request, nowMs, selection);
      const dealt = order.deal({ count: missing, examined: EXAMINED_PER_CHOICE, accept });
      if (selection.candidates.length === 0) selection.candidates = dealt;
      else selection.candidates.push(...dealt);
    }
    if (selection.candidates.length === 0)
      for (const group of groups) selection.nextFreeMs = earlier(selection.nextFreeMs, group.nextMs(request, nowMs));
    return selection;
  }

  private accept(credential: PooledCredential, request: LeaseRequest, nowMs: number, selection: Selection): boolean {
    if (request.excluded?.includes(credential.row.id)) return false;
    const fullUntilMs = fullUntil(credential, request);
    if (fullUntilMs <= nowMs) return true;
    selection.nextFreeMs = earlier(selection.nextFreeMs, fullUntilMs);
    if (selection.full.length < FULL_REMEMBERED) selection.full.push(credential);
    return false;
  }

  private selectPinned(request: LeaseRequest, id: string, nowMs: number): Selection {
    const credential = this.byId.get(id);
    if (credential === undefined || !credential.row.enabled || !serves(credential, request)) {
      return { candidates: [], full: [], nextFreeMs: undefined, servingCount: 0 };
    }
    // What we do ourselves is what finds out that a rest can end: Redis alone decides.
    const restsUntilMs =
      request.use === 'upkeep' ? 0 : Math.max(credential.restsUntilMs, modelRestUntil(credential, request));
    const fullUntilMs = fullUntil(credential, request);
    if (restsUntilMs > nowMs) return { candidates: [], full: [], nextFreeMs: restsUntilMs, servingCount: 1 };
    return fullUntilMs > nowMs
      ? { candidates: [], full: [credential], nextFreeMs: fullUntilMs, servingCount: 1 }
      : { candidates: [credential], full: [], nextFreeMs: undefined, servingCount: 1 };
  }

  /** Demo credentials give way to the first real one. */
  private servingGroups(): CandidateGroup[] {
    if (this.demoRule === 'off') return this.real;
    if (this.demoRule === 'on') return this.groups();
    return this.real.some(({ size }) => size > 0) ? this.real : [this.demo];
  }

  private groups(): CandidateGroup[] {
    return [...this.real, this.demo];
  }

  /** Those of a higher plan are kept for what no other serves. */
  private groupOf({ row }: PooledCredential): CandidateGroup {
    if (row.demo) return this.demo;
    const rank = planRank(row.upstream, row.settings.plan);
    while (this.real.length <= rank) this.real.push(this.makeGroup());
    return this.real[rank] ?? this.demo;
  }
}

function earlier(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.min(left, right);
}
