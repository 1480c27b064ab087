import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RestHeap } from './rest-heap.js';

test('gives its members back by their time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (times) => {
      const heap = new RestHeap<number>();
      for (const untilMs of times) heap.push({ untilMs, member: untilMs });
      const popped: number[] = [];
      for (let next = heap.pop(); next !== undefined; next = heap.pop()) popped.push(next.untilMs);
      expect(popped).toEqual(times.toSorted((left, right) => left - right));
    }),
  );
});

test('finds the earliest end of those that count, and none that is too early where there are too many', () => {
  const member = fc.record({ untilMs: fc.nat(50), member: fc.record({ longerMs: fc.nat(50), counts: fc.boolean() }) });
  fc.assert(
    fc.property(fc.array(member), fc.nat(40), (members, most) => {
      const heap = new RestHeap<{ longerMs: number; counts: boolean }>();
      for (const one of members) heap.push(one);
      const endOf = ({ untilMs, member: { longerMs, counts } }: (typeof members)[number]) =>
        counts ? untilMs + longerMs : undefined;
      const ends = members.flatMap((one) => endOf(one) ?? []);
      expect(heap.earliest(endOf, members.length)).toBe(ends.length === 0 ? undefined : Math.min(...ends));
      const few = heap.earliest(endOf, most);
      if (ends.length > 0) expect(few).toBeLessThanOrEqual(Math.min(...ends));
    }),
  );
});
