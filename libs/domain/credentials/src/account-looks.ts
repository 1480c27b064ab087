import type { AccountFacts } from '@sluice/contracts/account-facts';
import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { saveLook } from './pool-statements.js';
import { toReportedQuotas, type QuotaReport } from './quota-report.js';

/** What an upstream told of an account. What is absent was not told, and what was known of it stands. */
export interface AccountLook {
  plan?: string;
  quotas?: readonly QuotaReport[];
  account?: AccountFacts;
}

/** Whose account it is, and of which lease; without one, an operator has asked. */
export interface LookedAt {
  credentialId: string;
  epoch?: number;
}

/** Keeps what looks at accounts tell. A look that failed is none, and is not kept. */
export class AccountLooks {
  constructor(
    private readonly options: {
      postgres: Queryable;
      clock: Clock;
      /** Uses of what is left that are not to be used. */
      reserveOf(credentialId: string): number;
    },
  ) {}

  async save({ credentialId, epoch }: LookedAt, look: AccountLook): Promise<void> {
    const { postgres, clock, reserveOf } = this.options;
    const quotaReserve = reserveOf(credentialId);
    const nowMs = clock.now();
    const { plan = null, quotas, account } = look;
    const counters = {
      ...(quotas && {
        quotas: toReportedQuotas(quotas, { nowMs, quotaReserve }),
        told: { atMs: nowMs, quotaReserve, quotas },
      }),
      ...(account && { account: { ...account, lookedAtMs: nowMs } }),
    };
    await saveLook.run(postgres, credentialId, epoch ?? null, JSON.stringify(counters), plan, account?.email ?? null);
  }
}
