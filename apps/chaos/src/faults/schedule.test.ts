import { expect, it } from 'vitest';
import { planWishes } from '../load/plan.js';
import { Random } from '../random.js';
import { planFaults } from './schedule.js';

const faults = (seed: number) => planFaults(new Random(seed), 30_000).map(({ atMs, name }) => ({ atMs, name }));

it('draws the same faults for the same seed, and others for another', () => {
  expect(faults(7)).toEqual(faults(7));
  expect(faults(7)).not.toEqual(faults(8));
  expect(faults(7).length).toBeGreaterThan(10);
});

it('draws the same wishes for the same seed, each unlike every other', () => {
  const plan = { generations: 100, loadMs: 1_000, seed: 7 };
  const wishes = planWishes(new Random(7), plan);
  expect(wishes).toEqual(planWishes(new Random(7), plan));
  expect(new Set(wishes.map(({ prompt }) => prompt)).size).toBe(100);
});
