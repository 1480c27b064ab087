import { expect, test } from 'vitest';
import { orderTargets } from './order-targets.js';

const target = (upstream: string, weight?: number) => ({
  upstream,
  model: 'm',
  ...(weight !== undefined && { weight }),
});
const names = (targets: { upstream: string }[]) => targets.map(({ upstream }) => upstream).join('');

test('by priority the order stays', () => {
  expect(names(orderTargets({ targets: [target('a', 1), target('b', 9)], strategy: 'priority' }, () => 0.99))).toBe(
    'ab',
  );
});

test('by weight each is drawn once, as often first as it weighs', () => {
  const targets = [target('a', 3), target('b')];
  const draws = Array.from({ length: 100 }, (_, n) =>
    names(orderTargets({ targets, strategy: 'weighted' }, () => n / 100)),
  );
  expect(draws.filter((order) => order === 'ab')).toHaveLength(75);
  expect(draws.filter((order) => order === 'ba')).toHaveLength(25);
});
