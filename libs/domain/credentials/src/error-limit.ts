import type { Clock } from '@sluice/contracts/clock';
import { careFor } from './account-care.js';
import type { CredentialDirectory } from './credential-directory.js';
import type { CoolDown } from './credential-policy.js';
import type { LeaseStore } from './lease-store.js';
import type { SwitchOff } from './switch-off.js';
import type { Counted } from './tally-statements.js';

export interface ErrorLimitOptions {
  directory: Pick<CredentialDirectory, 'get' | 'upstream'>;
  leases: Pick<LeaseStore, 'coolDown'>;
  switchOff: Pick<SwitchOff, 'disable' | 'degrade'>;
  clock: Clock;
}

const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 60 * 60_000;

/** What so many errors in a row mean for a credential: a rest, longer with each, or the end where the operator says so. */
export class ErrorLimit {
  constructor(private readonly options: ErrorLimitOptions) {}

  async apply(counted: readonly Counted[]): Promise<void> {
    for (const one of counted) await this.applyTo(one);
  }

  private async applyTo({ id, consecutiveErrors }: Counted): Promise<void> {
    const { directory, leases, switchOff, clock } = this.options;
    const row = directory.get(id)?.row;
    // What was refused as such has its own rest.
    if (!row?.enabled || row.state === 'auth_failed') return;
    const { settings } = directory.upstream(row.upstream);
    const { errorLimit } = careFor(row, settings);
    if (errorLimit === null || consecutiveErrors < errorLimit) return;
    const reason = `${consecutiveErrors} errors in a row`;
    if (settings.disableAfterErrors) return switchOff.disable(id, `${reason}: the limit is ${errorLimit}.`);
    const restMs = Math.min(FIRST_REST_MS * 2 ** (consecutiveErrors - errorLimit), LONGEST_REST_MS);
    const rule: CoolDown = { ...REST, baseMs: restMs };
    await leases.coolDown({ credentialId: id, epoch: LATER_THAN_ALL, toldMs: restMs, rule });
    await switchOff.degrade(id, `${reason}.`, new Date(clock.now() + restMs));
  }
}

/** No lease taught it: what is told counts in any case. */
const LATER_THAN_ALL = Number.MAX_SAFE_INTEGER;
const REST: CoolDown = {
  type: 'quarantine',
  state: 'degraded',
  baseMs: FIRST_REST_MS,
  maximumMs: LONGEST_REST_MS,
  threshold: 1,
};
