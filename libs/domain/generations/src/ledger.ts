import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { checkLedger, sumLedger } from './step-statements.js';

/** A generation whose lines do not say the same. */
export interface Imbalance {
  generationId: string;
  reserved: number;
  /** Settled and refunded. */
  accounted: number;
}

const MOST_TOLD = 100;

/** What was reserved is settled, refunded or still open, for each generation and in all. */
export class Ledger {
  constructor(private readonly options: { postgres: Queryable; clock: Clock }) {}

  /** Those of the last `sinceMs` that do not balance. */
  async imbalances(sinceMs: number): Promise<Imbalance[]> {
    const { postgres, clock } = this.options;
    const rows = await checkLedger.all(postgres, new Date(clock.now() - sinceMs), MOST_TOLD);
    return rows.map((row) => ({ generationId: row.generation_id, reserved: row.reserved, accounted: row.accounted }));
  }

  /** By unit: `reserved = settled + refunded + open`. */
  sums() {
    return sumLedger.all(this.options.postgres);
  }
}
