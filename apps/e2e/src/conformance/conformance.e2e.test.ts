import { describe, it } from 'vitest';
import { sharedSluice } from '../harness/shared-sluice.js';
import { allDrivers } from './all-drivers.js';
import { CONFORMANCE_CASES, WAYS } from './cases.js';
import { UPSTREAM_KINDS } from './upstream-kinds.js';

const drivers = allDrivers(sharedSluice().run);
const pairings = drivers.flatMap((driver) => UPSTREAM_KINDS.map((kind) => ({ driver, kind })));

describe.each(pairings)('$driver.name in front of $kind.name', ({ driver, kind }) => {
  const cases = CONFORMANCE_CASES.filter(({ isFor }) => isFor === undefined || isFor(kind));
  const runs = cases.flatMap((each) => WAYS.map((how) => ({ ...each, how })));
  it.each(runs)('$title: $how', ({ run, how }) => run({ driver, kind, how }));
});
