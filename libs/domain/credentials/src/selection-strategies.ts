import type { CredentialUse } from '@sluice/contracts/credential';
import { CandidateHeap } from './candidate-heap.js';
import type { CandidateOrder } from './candidate-order.js';
import { CandidateRing } from './candidate-ring.js';
import { CandidateWheel } from './candidate-wheel.js';
import type { SelectionStrategy } from './credential-settings.js';
import type { PooledCredential } from './pooled-credential.js';

type MakeOrder = (use: CredentialUse, random: () => number) => CandidateOrder<PooledCredential>;

/** Every strategy, and the structure that makes it cheap. */
export const SELECTION_ORDERS: Record<SelectionStrategy, MakeOrder> = {
  'round-robin': () => new CandidateRing(),
  random: (_use, random) => new CandidateRing((size) => Math.floor(random() * size)),
  weighted: (_use, random) => new CandidateWheel({ weightOf: ({ row }) => row.weight, random }),
  /** By the share of its slots in use; where it has no limit, by their number. */
  'least-busy': (use) => new CandidateHeap((left, right) => load(left, use) - load(right, use) || byAge(left, right)),
  'most-quota': () =>
    new CandidateHeap((left, right) => compareNumbers(right.quotaLeft, left.quotaLeft) || byAge(left, right)),
  /** One after the other is used up: the heaviest first, then the oldest. */
  'fill-first': () => new CandidateHeap((left, right) => right.row.weight - left.row.weight || byAge(left, right)),
};

/** Strategies that look at what changes with every lease. */
export const RANKED_BY_USE: ReadonlySet<SelectionStrategy> = new Set(['least-busy', 'most-quota']);

function load({ row, busy }: PooledCredential, use: CredentialUse): number {
  return (busy.get(use) ?? 0) / (row.limits[use] ?? 1);
}

/** Also of two infinities. */
function compareNumbers(left: number, right: number): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function byAge(left: PooledCredential, right: PooledCredential): number {
  const difference = left.row.createdAt.getTime() - right.row.createdAt.getTime();
  return difference || compareNumbers(left.sequence, right.sequence);
}
