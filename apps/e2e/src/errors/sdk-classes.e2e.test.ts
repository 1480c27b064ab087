import { describe, it } from 'vitest';
import { ERROR_STATUSES } from '../cases/error-statuses.js';
import { proveErrorStatus } from '../cases/prove-error-status.js';
import { sdkCallers } from '../cases/sdk-callers.js';
import { sharedSluice } from '../harness/shared-sluice.js';

const sluice = sharedSluice();
const callers = sdkCallers(sluice.run);

/** Bodies of 70 MB for every SDK at once are no test for a small machine: `npm run accept -- text` sends them in turn. */
const errors = ERROR_STATUSES.filter(({ status }) => status !== 413);

describe.each(errors)('$title', (error) => {
  const able = callers.filter(({ family }) => error.families?.includes(family) ?? true);
  it.each(able)('is $name’s own error', async (caller) => {
    await proveErrorStatus(sluice, { caller, error });
  });
});
