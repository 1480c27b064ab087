import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aStoredCredential } from './__fixtures__/stored-credentials.js';
import type { CandidateOrder } from './candidate-order.js';
import { SELECTION_STRATEGIES, type SelectionStrategy } from './credential-settings.js';
import { toPooledCredential, type PooledCredential } from './pooled-credential.js';
import { SELECTION_ORDERS } from './selection-strategies.js';

const everyone = { count: 1_000, examined: 10_000, accept: () => true };

function members(count: number, fields: (number: number) => object = () => ({})): PooledCredential[] {
  return Array.from({ length: count }, (_, number) =>
    toPooledCredential(aStoredCredential({ id: `c${number}`, ...fields(number) })),
  );
}
function orderOf(
  strategy: SelectionStrategy,
  all: readonly PooledCredential[],
  random: () => number = Math.random,
): CandidateOrder<PooledCredential> {
  const order = SELECTION_ORDERS[strategy]('chat', random);
  for (const one of all) order.add(one);
  return order;
}
const ids = (dealt: readonly PooledCredential[]) => dealt.map(({ row }) => row.id);

test.each(SELECTION_STRATEGIES)('%s deals everybody who is in, once each, whatever came and went', (strategy) => {
  const changes = fc.array(fc.record({ number: fc.nat({ max: 19 }), isIn: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(changes, (list) => {
      const all = members(20, (number) => ({ weight: 1 + (number % 5) }));
      const order = orderOf(strategy, []);
      const inside = new Set<PooledCredential>();
      for (const { number, isIn } of list) {
        const one = all[number];
        if (one === undefined) continue;
        if (isIn) order.add(one);
        else order.remove(one);
        if (isIn) inside.add(one);
        else inside.delete(one);
        one.busy.set('chat', number);
        order.rerank(one);
      }
      expect(order.size).toBe(inside.size);
      expect(ids(order.deal(everyone)).toSorted()).toEqual(ids([...inside]).toSorted());
      expect(order.deal({ ...everyone, accept: () => false })).toEqual([]);
    }),
  );
});

test('weighted deals as often as the weights say', () => {
  let turn = 0;
  const order = orderOf(
    'weighted',
    members(3, (number) => ({ weight: [1, 2, 7][number] })),
    () => (turn++ % 1_000) / 1_000,
  );
  const counts = new Map<string, number>();
  for (let deal = 0; deal < 1_000; deal += 1) {
    const [id = ''] = ids(order.deal({ ...everyone, count: 1 }));
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  expect(Object.fromEntries(counts)).toEqual({ c0: 100, c1: 200, c2: 700 });
});

test('least-busy goes by the share in use, most-quota by what is left, fill-first by weight and age', () => {
  const all = members(3, (number) => ({ limits: { chat: [1, 4, 10][number] }, weight: [1, 9, 1][number] }));
  const [one, two, three] = all;
  if (!one || !two || !three) throw new Error('three');
  const [busy, quota] = [orderOf('least-busy', all), orderOf('most-quota', all)];
  for (const [member, count] of [
    [one, 1],
    [two, 2],
    [three, 1],
  ] as const)
    member.busy.set('chat', count);
  for (const [member, left] of [
    [one, 5],
    [two, 50],
    [three, 0],
  ] as const)
    member.quotaLeft = left;
  for (const member of all) {
    busy.rerank(member);
    quota.rerank(member);
  }
  expect(ids(busy.deal(everyone))).toEqual(['c2', 'c1', 'c0']);
  expect(ids(quota.deal(everyone))).toEqual(['c1', 'c0', 'c2']);
  expect(ids(orderOf('fill-first', all).deal(everyone))).toEqual(['c1', 'c0', 'c2']);
});
