import type { Clock } from '@sluice/contracts/clock';
import type { AuditLog } from '@sluice/domain-accounts/audit-log';
import type { PoolStatistics } from '@sluice/domain-credentials/pool-statistics';
import type { WayHealth } from '@sluice/domain-credentials/way-health';
import type { Vault } from '@sluice/domain-credentials/vault';
import { testProxy } from './proxy-test.js';

export interface OperationsServiceOptions {
  statistics: PoolStatistics;
  auditLog: AuditLog;
  vault: Vault;
  ways: WayHealth;
  clock: Clock;
}

export class OperationsService {
  constructor(private readonly options: OperationsServiceOptions) {}

  pool() {
    return this.options.statistics.read();
  }

  audit(query: unknown) {
    return this.options.auditLog.list(query);
  }

  ways() {
    return this.options.ways.list();
  }

  testProxy(body: unknown) {
    return testProxy(body, this.options.clock);
  }

  /** Wraps the data keys with the first of the master keys; the records themselves stay as they are. */
  async rewrap() {
    return { rewrapped: await this.options.vault.rewrap() };
  }
}
