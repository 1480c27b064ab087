import { strict as assert } from 'node:assert';
import { ERROR_STATUSES } from '../../cases/error-statuses.js';
import { proveErrorStatus } from '../../cases/prove-error-status.js';
import { sdkCallers } from '../../cases/sdk-callers.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { Check } from '../capability.js';
import { runSome } from './run-some.js';

const TOO_LARGE = 413;

export function errorStatusChecks(client: SluiceClient): Check[] {
  const statuses = new Set(ERROR_STATUSES.map(({ status }) => status));
  return [
    {
      title: `${[...statuses].join(', ')}: each SDK’s own class, code, message and request id`,
      prove: () => proveStatuses(client),
    },
  ];
}

async function proveStatuses(client: SluiceClient): Promise<string> {
  const jobs = ERROR_STATUSES.flatMap((error) =>
    sdkCallers(client.run)
      .filter(({ family }) => error.families?.includes(family) ?? true)
      .map((caller) => ({ error, caller })),
  );
  const run = async (job: (typeof jobs)[number]) =>
    proveErrorStatus(client, job).catch((reason: Error) =>
      assert.fail(`${job.error.title}, ${job.caller.name}: ${reason.message}`),
    );
  const [small, large] = [false, true].map((isLarge) =>
    jobs.filter(({ error }) => (error.status === TOO_LARGE) === isLarge),
  );
  const flaws = await runSome(small ?? [], run);
  // One after the other: their bodies are large.
  for (const job of large ?? []) flaws.push(...(await runSome([job], run)));
  assert.ok(flaws.length === 0, flaws.join('\n'));
  return `${ERROR_STATUSES.length} failures, told ${jobs.length} times`;
}
