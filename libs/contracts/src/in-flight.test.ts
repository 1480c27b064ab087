import { expect, it } from 'vitest';
import { InFlight } from './in-flight.js';

it('keeps, replaces and drops by id, in the order of their coming', () => {
  const flights = new InFlight<number>();
  for (const [place, id] of ['b', 'a', '__proto__', 'constructor'].entries()) flights.set(id, place);
  flights.set('b', 7);
  expect([flights.ids(), flights.values(), flights.size]).toEqual([
    ['b', 'a', '__proto__', 'constructor'],
    [7, 1, 2, 3],
    4,
  ]);
  expect([flights.delete('a'), flights.delete('a'), flights.delete('toString')]).toEqual([true, false, false]);
  expect([flights.get('a'), flights.get('toString'), flights.get('__proto__'), flights.size]).toEqual([
    undefined,
    undefined,
    2,
    3,
  ]);
});
