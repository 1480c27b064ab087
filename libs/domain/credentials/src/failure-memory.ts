import type { Queryable } from '@sluice/platform-postgres/queryable';
import type { Logger } from '@sluice/platform-logger/logger';
import { findRestOwners, forgetModelRests } from './credential-statements.js';
import { ownerOf } from './lease-rule.js';
import type { LeaseStore } from './lease-store.js';

/** What is held against credentials beside their state: pauses in Redis, rests of single models. */
export class FailureMemory {
  constructor(private readonly options: { postgres: Queryable; leases: Pick<LeaseStore, 'reset'>; logger: Logger }) {}

  /** For those that are gone too. Only a pause is at stake, so what was done to the credentials does not fail for it. */
  async forget(ids: readonly string[]): Promise<void> {
    try {
      const { postgres, leases } = this.options;
      const owners = new Map((await findRestOwners.all(postgres, ids)).map((row) => [row.id, ownerOf(row)]));
      await Promise.all(ids.map((id) => leases.reset(id, owners.get(id) ?? id)));
      // Last: who hears of it must not be taught the old rest again.
      await forgetModelRests.run(postgres, ids);
    } catch (error) {
      this.options.logger.warn({ err: error }, 'the failures of some credentials could not be forgotten');
    }
  }
}
