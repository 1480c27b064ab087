import type { Clock } from '@sluice/contracts/clock';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import { CredentialAdmin } from './credential-admin.js';
import { CredentialBulk } from './credential-bulk.js';
import { CredentialContents } from './credential-contents.js';
import { CredentialEvents } from './credential-events.js';
import { CredentialExport } from './credential-export.js';
import { CredentialImport } from './credential-import.js';
import { CredentialRepository } from './credential-repository.js';
import { CredentialSearch } from './credential-search.js';
import { FailureMemory } from './failure-memory.js';
import type { LeaseStore } from './lease-store.js';
import { PoolSettingsAdmin } from './pool-settings-admin.js';
import { PoolStatistics } from './pool-statistics.js';
import { listTallies } from './tally-statements.js';
import type { Vault } from './vault.js';

export interface CredentialAdminServices {
  admin: CredentialAdmin;
  imports: CredentialImport;
  exports: CredentialExport;
  bulk: CredentialBulk;
  events: CredentialEvents;
  statistics: PoolStatistics;
  poolSettings: PoolSettingsAdmin;
  search: CredentialSearch;
}

/** All that operators do with credentials. */
export function createCredentialAdmin(options: {
  postgres: Postgres;
  vault: Vault;
  leases: Pick<LeaseStore, 'reset'>;
  /** Leases that are held now, by credential; absent: not told. */
  countInUse?: () => Promise<ReadonlyMap<string, number>>;
  clock: Clock;
  logger: Logger;
}): CredentialAdminServices {
  const { postgres, vault, leases, countInUse, clock, logger } = options;
  const repository = new CredentialRepository(postgres);
  const search = new CredentialSearch(postgres);
  const contents = new CredentialContents(vault);
  const failures = new FailureMemory({ postgres, leases, logger });
  const tallies = (ids: readonly string[]) => listTallies.all(postgres, ids);
  const admin = new CredentialAdmin({ repository, search, contents, failures, tallies, clock });
  return {
    admin,
    imports: new CredentialImport({ repository, contents, clock, logger }),
    exports: new CredentialExport({ search, contents, clock }),
    bulk: new CredentialBulk({ postgres, search, failures, edit: (id, change) => admin.update(id, change), clock }),
    events: new CredentialEvents(postgres, clock),
    statistics: new PoolStatistics({ postgres, clock, ...(countInUse && { countInUse }) }),
    poolSettings: new PoolSettingsAdmin(postgres),
    search,
  };
}
