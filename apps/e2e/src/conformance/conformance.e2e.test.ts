import { describe, it } from 'vitest';
import { sharedSluice } from '../harness/shared-sluice.js';
import { allDrivers } from './all-drivers.js';
import { casesFor, WAYS } from './cases.js';
import { prepareUpstreamKinds } from './upstream-kinds.js';

const sluice = sharedSluice();
const drivers = allDrivers(sluice.run);
const kinds = await prepareUpstreamKinds(sluice);
const pairings = drivers.flatMap((driver) => kinds.map((kind) => ({ driver, kind })));

describe.each(pairings)('$driver.name in front of $kind.name', ({ driver, kind }) => {
  const runs = casesFor(kind).flatMap((each) => WAYS.map((how) => ({ ...each, how })));
  it.each(runs)('$title: $how', ({ run, how }) => run({ driver, kind, how }));
});
