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
