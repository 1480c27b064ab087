import type { CandidateOrder } from './candidate-order.js';
import type { LeaseRequest } from './credential-source.js';
import { modelRestUntil, serves, type PooledCredential } from './pooled-credential.js';
import { RestHeap } from './rest-heap.js';

/** Orders are made per selection on first use; the oldest goes when there are too many. */
const MAXIMUM_ORDERS = 2_000;
/** Of those that rest, so many are looked at for the one that is back first. */
const MOST_EXAMINED = 10_000;

type Selector = Pick<LeaseRequest, 'use' | 'model' | 'plans' | 'tags' | 'kind' | 'group'>;

/** Those who may serve one kind of request. */
interface Selected {
  selector: Selector;
  order: CandidateOrder<PooledCredential>;
  /** Out of the order for this kind of request only: a window of theirs is used up, or the model rests. */
  usedUp: RestHeap<PooledCredential>;
  usedUpUntilMs: Map<PooledCredential, number>;
  /** Enabled credentials that serve it, those out of the order included. */
  servingCount: number;
  /** When the first of those is back that are out: looked for when it is asked, till one of them changes. */
  next: { ms: number | undefined } | undefined;
}

/** The enabled credentials of one upstream that may stand in for each other. Those that rest are in no order till they wake. */
export class CandidateGroup {
  private readonly members = new Set<PooledCredential>();
  private readonly selections = new Map<string, Selected>();
  private readonly resting = new RestHeap<PooledCredential>();

  constructor(private readonly makeOrder: (selector: Selector) => CandidateOrder<PooledCredential>) {}

  get size(): number {
    return this.members.size;
  }

  add(credential: PooledCredential): void {
    this.members.add(credential);
    for (const selected of this.selections.values()) {
      if (!serves(credential, selected.selector)) continue;
      selected.servingCount += 1;
      selected.next = undefined;
    }
    this.place(credential);
  }

  remove(credential: PooledCredential): void {
    if (!this.members.delete(credential)) return;
    for (const selected of this.selections.values()) {
      if (serves(credential, selected.selector)) {
        selected.servingCount -= 1;
        selected.next = undefined;
      }
      selected.order.remove(credential);
      selected.usedUpUntilMs.delete(credential);
    }
  }

  /** Takes a credential out until `restsUntilMs`, or puts it back when that is 0. */
  place(credential: PooledCredential): void {
    if (!this.members.has(credential)) return;
    const isResting = credential.restsUntilMs > 0;
    for (const selected of this.selections.values()) {
      if (isResting) selected.order.remove(credential);
      else putIn(selected, credential);
      if (selected.next !== undefined && serves(credential, selected.selector)) selected.next = undefined;
    }
    if (isResting) this.resting.push({ untilMs: credential.restsUntilMs, member: credential });
  }

  /** Takes a credential out of one selection only. */
  useUp(credential: PooledCredential, request: Selector, untilMs: number): void {
    keepOut(this.select(request), credential, untilMs);
  }

  /** Takes credentials out of the selections of a model that has begun to rest for them. */
  restModel(credentials: readonly PooledCredential[], model: string): void {
    for (const selected of this.selections.values()) {
      if (selected.selector.model !== model) continue;
      for (const credential of credentials) {
        const untilMs = modelRestUntil(credential, selected.selector);
        if (untilMs === 0 || !this.members.has(credential) || !serves(credential, selected.selector)) continue;
        // What is used up for longer stays out for longer.
        keepOut(selected, credential, Math.max(untilMs, selected.usedUpUntilMs.get(credential) ?? 0));
      }
    }
  }

  /** What it is ranked by has changed. */
  rerank(credential: PooledCredential): void {
    for (const { order } of this.selections.values()) order.rerank(credential);
  }

  /** Orders are made anew, as the strategy now says. */
  reorder(): void {
    this.selections.clear();
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

  /** Those for one kind of request, with those put back whose window has begun again. */
  selected(request: Selector, nowMs: number): Pick<Selected, 'order' | 'servingCount'> {
    const selected = this.select(request);
    const { order, usedUp, usedUpUntilMs, servingCount } = selected;
    for (let first = usedUp.first; first !== undefined && first.untilMs <= nowMs; first = usedUp.first) {
      usedUp.pop();
      if (usedUpUntilMs.get(first.member) !== first.untilMs) continue;
      usedUpUntilMs.delete(first.member);
      if (first.member.restsUntilMs === 0) putIn(selected, first.member, nowMs);
    }
    return { order, servingCount };
  }

  /** When the first of those is back that serve such a request: all else that rests is nothing to wait for. */
  nextMs(request: Selector, nowMs: number): number | undefined {
    const selected = this.select(request);
    const { next } = selected;
    if (next !== undefined && (next.ms === undefined || next.ms > nowMs)) return next.ms;
    selected.next = { ms: this.findNextMs(selected) };
    return selected.next.ms;
  }

  private findNextMs({ selector, usedUp, usedUpUntilMs }: Selected): number | undefined {
    const rested = this.resting.earliest(({ member, untilMs }) => {
      if (member.restsUntilMs !== untilMs || !this.members.has(member) || !serves(member, selector)) return undefined;
      return Math.max(untilMs, usedUpUntilMs.get(member) ?? 0, modelRestUntil(member, selector));
    }, MOST_EXAMINED);
    const served = usedUp.earliest(
      ({ member, untilMs }) =>
        usedUpUntilMs.get(member) === untilMs ? Math.max(untilMs, member.restsUntilMs) : undefined,
      MOST_EXAMINED,
    );
    return rested === undefined || served === undefined ? (rested ?? served) : Math.min(rested, served);
  }

  private select(request: Selector): Selected {
    const key = selectorKey(request);
    const existing = this.selections.get(key);
    if (existing !== undefined) return existing;
    const { use, model, plans, tags, kind, group } = request;
    const selector: Selector = {
      use,
      model,
      ...(plans && { plans }),
      ...(tags && { tags }),
      ...(kind !== undefined && { kind }),
      ...(group !== undefined && { group }),
    };
    const order = this.makeOrder(selector);
    const selected: Selected = {
      selector,
      order,
      usedUp: new RestHeap(),
      usedUpUntilMs: new Map(),
      servingCount: 0,
      next: undefined,
    };
    for (const credential of this.members) {
      if (!serves(credential, selector)) continue;
      selected.servingCount += 1;
      if (credential.restsUntilMs === 0) putIn(selected, credential);
    }
    this.forgetOldest();
    this.selections.set(key, selected);
    return selected;
  }

  private forgetOldest(): void {
    if (this.selections.size < MAXIMUM_ORDERS) return;
    const [oldest] = this.selections.keys();
    if (oldest !== undefined) this.selections.delete(oldest);
  }
}

/** Where its model rests, it is put in when that is over. */
function putIn(selected: Selected, credential: PooledCredential, nowMs = 0): void {
  const { selector, order, usedUpUntilMs } = selected;
  if (usedUpUntilMs.has(credential) || !serves(credential, selector)) return;
  const restsUntilMs = modelRestUntil(credential, selector);
  if (restsUntilMs > nowMs) keepOut(selected, credential, restsUntilMs);
  else order.add(credential);
}

function keepOut(selected: Selected, credential: PooledCredential, untilMs: number): void {
  const { order, usedUp, usedUpUntilMs } = selected;
  selected.next = undefined;
  order.remove(credential);
  usedUpUntilMs.set(credential, untilMs);
  usedUp.push({ untilMs, member: credential });
}

/** Nearly always a use and a model; made on every request, so the rare rest is only added where it is there. */
function selectorKey({ use, model, plans, tags, kind, group }: Selector): string {
  if (plans === undefined && tags === undefined && kind === undefined && group === undefined) return `${use} ${model}`;
  return JSON.stringify([use, model, plans, tags, kind, group]);
}
