import { expect, test } from 'vitest';
import { CandidateRing } from './candidate-ring.js';

function ringOf(...members: string[]): CandidateRing<string> {
  const ring = new CandidateRing<string>();
  for (const member of members) ring.add(member);
  return ring;
}
const all = { examined: 100, accept: () => true };

test('deals its members in turn, beginning one further each time', () => {
  const ring = ringOf('a', 'b', 'c');
  const deals = [1, 2, 3, 4].map(() => ring.deal({ ...all, count: 2 }).join(''));
  expect(deals).toEqual(['ab', 'bc', 'ca', 'ab']);
});

test('passes over members that are not accepted', () => {
  const ring = ringOf('a', 'b', 'c');
  const dealt = ring.deal({ count: 3, examined: 100, accept: (member) => member !== 'b' });
  expect(dealt).toEqual(['a', 'c']);
});

test('looks at a bounded number of members and goes on from there', () => {
  const ring = ringOf('a', 'b', 'c', 'd', 'e');
  const accept = (member: string) => member === 'e';
  expect(ring.deal({ count: 1, examined: 3, accept })).toEqual([]);
  expect(ring.deal({ count: 1, examined: 3, accept })).toEqual(['e']);
});

test('keeps all others when one is removed', () => {
  const ring = ringOf('a', 'b', 'c');
  ring.remove('a');
  ring.remove('c');
  ring.remove('x');
  expect(ring.deal({ ...all, count: 5 })).toEqual(['b']);
  expect(ring.size).toBe(1);
});
