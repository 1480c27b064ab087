import { expect, it } from 'vitest';
import { percentilesOf } from './percentiles.js';
import { spreadOf } from './spread.js';

it('takes percentiles by nearest rank', () => {
  const samples = Array.from({ length: 1000 }, (_item, index) => 1000 - index);
  expect(percentilesOf(samples)).toEqual({
    count: 1000,
    mean: 500.5,
    p50: 500,
    p90: 900,
    p99: 990,
    p999: 999,
    max: 1000,
  });
});

it('has no percentiles of nothing', () => {
  expect(percentilesOf([])).toBeNull();
});

it('takes the median of an odd and of an even number of repetitions', () => {
  expect(spreadOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 });
  expect(spreadOf([40, 10, 20, 30])).toEqual({ median: 25, min: 10, max: 40 });
});
