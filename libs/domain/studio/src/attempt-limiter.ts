import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import { createHash } from 'node:crypto';

export interface AttemptLimit {
  /** What is tried: `login`, say. */
  action: string;
  /** Who tries it, or whose account it is tried at. Kept as a digest: people type passwords into wrong fields. */
  subject: string;
  most: number;
  withinMs: number;
  /** Told to whoever is over it. */
  message: string;
}

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

const noteAttempt = defineStatement<{ count: number; resets_at: Date }, [subject: string, now: Date, resetsAt: Date]>(
  sql('note-studio-attempt'),
);
const forgiveAttempt = defineStatement<object, [subject: string, count: number]>(sql('forgive-studio-attempt'));
const purgeAttempts = defineStatement<object, [now: Date]>(sql('purge-studio-attempts'));

/** More than any limit: the account's owner is there. */
const ALL = 1_000_000;

/** How often something may be tried, cluster-wide. Counted before the attempt, so that many at once gain nothing. */
export class AttemptLimiter {
  constructor(private readonly options: { postgres: Queryable; clock: Clock }) {}

  /** Throws `rate_limited` for one attempt too many. */
  async take(limit: AttemptLimit): Promise<void> {
    const { postgres, clock } = this.options;
    const now = clock.now();
    const row = await noteAttempt.first(postgres, keyOf(limit), new Date(now), new Date(now + limit.withinMs));
    if (!row || row.count <= limit.most) return;
    throw new GatewayError('rate_limited', limit.message, {
      retryAfterMs: Math.max(1, row.resets_at.getTime() - now),
    });
  }

  /** The attempt was a good one: it does not count. */
  async giveBack(limit: AttemptLimit): Promise<void> {
    await forgiveAttempt.run(this.options.postgres, keyOf(limit), 1);
  }

  async forgive(limit: AttemptLimit): Promise<void> {
    await forgiveAttempt.run(this.options.postgres, keyOf(limit), ALL);
  }

  async purge(): Promise<void> {
    await purgeAttempts.run(this.options.postgres, new Date(this.options.clock.now()));
  }
}

function keyOf({ action, subject }: AttemptLimit): string {
  return `${action}:${createHash('sha256').update(subject).digest('base64url')}`;
}
