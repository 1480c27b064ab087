import { strict as assert } from 'node:assert';
import { allDrivers } from '../../conformance/all-drivers.js';
import { casesFor, WAYS } from '../../conformance/cases.js';
import { prepareUpstreamKinds } from '../../conformance/upstream-kinds.js';
import type { UpstreamKind } from '../../conformance/upstream-kinds.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { Check } from '../capability.js';
import { runSome } from './run-some.js';

/** One line for every kind of upstream: whatever SDK stands in front of it. */
export async function conformanceChecks(client: SluiceClient): Promise<Check[]> {
  const kinds = await prepareUpstreamKinds(client);
  return kinds.map((kind) => ({
    title: `every SDK in front of ${kind.name}: all that it can do, plain and streamed, an agent’s ten turns too`,
    prove: () => proveKind(client, kind),
  }));
}

async function proveKind({ run }: SluiceClient, kind: UpstreamKind): Promise<string> {
  const drivers = allDrivers(run);
  const cases = casesFor(kind);
  const jobs = drivers.flatMap((driver) => cases.flatMap((each) => WAYS.map((how) => ({ driver, each, how }))));
  const flaws = await runSome(jobs, async ({ driver, each, how }) => {
    const told = `${driver.name}, ${how}: ${each.title}`;
    await each.run({ driver, kind, how }).catch((error: Error) => assert.fail(`${told}: ${error.message}`));
  });
  const figures = `${jobs.length - flaws.length} of ${jobs.length} runs (${drivers.length} drivers × ${cases.length} cases × ${WAYS.length})`;
  assert.ok(flaws.length === 0, [figures, ...flaws].join('\n'));
  return figures;
}
