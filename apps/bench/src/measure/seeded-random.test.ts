import { expect, it } from 'vitest';
import { seededRandom, shuffled } from './seeded-random.js';

const items = Array.from({ length: 50 }, (_item, index) => index);

it('gives the same order for the same seed, and another for another', () => {
  expect(shuffled(items, seededRandom(7))).toEqual(shuffled(items, seededRandom(7)));
  expect(shuffled(items, seededRandom(7))).not.toEqual(shuffled(items, seededRandom(8)));
});

it('keeps every item', () => {
  expect(shuffled(items, seededRandom(7)).toSorted((left, right) => left - right)).toEqual(items);
});
