import { credentialUseSchema, type CredentialUse } from '@sluice/contracts/credential';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Turn } from './credential-source.js';
import { windowOwner } from './lease-rule.js';
import type { LeaseStore } from './lease-store.js';
import type { PooledCredential } from './pooled-credential.js';
import type { StoredCredential } from './stored-credential.js';

export interface TurnGiverOptions {
  leases: Pick<LeaseStore, 'wake'>;
  /** Starts again what waits; false where it waits no longer. */
  onTurn(turn: Turn): Promise<boolean>;
  logger: Logger;
}

/** Where a credential without a limit is free again, so many are started; each of them starts the next. */
export const MOST_AT_ONCE = 16;
/** Of those who stand in the queue, so many may have left without a word before one is found. */
const MOST_GONE = 20;
const USES = credentialUseSchema.options.filter((use) => use !== 'upkeep');

/** What has become free. */
interface Room {
  row: StoredCredential;
  models: readonly string[] | undefined;
  use: CredentialUse;
  count: number;
}

/** Names the queue of those who wait for such a lease. */
export function queueOf({ upstream, use }: { upstream: string; use: CredentialUse }): string {
  return `${upstream}:${use}`;
}

/** Gives what has become free to those who have waited longest: as many as there is room for, and no more. */
export class TurnGiver {
  constructor(private readonly options: TurnGiverOptions) {}

  /** `uses` and `count` undefined: all of them, and as many as the credential takes; `model`: only who waits for that. Never throws. */
  async give({
    credential,
    uses,
    count,
    model,
  }: {
    credential: PooledCredential;
    uses: readonly CredentialUse[] | undefined;
    count: number | undefined;
    model?: string;
  }): Promise<void> {
    const { row, listed } = credential;
    const models = model === undefined ? listed : [model];
    try {
      for (const use of uses ?? USES)
        await this.giveFor({ row, models, use, count: count ?? row.limits[use] ?? MOST_AT_ONCE });
    } catch (error) {
      this.options.logger.warn(
        { err: error, credentialId: row.id },
        'those who wait for a credential could not be told',
      );
    }
  }

  /** For one who was taken out of the queue already; false where it waits no longer. */
  async start({ upstream, use }: { upstream: string; use: CredentialUse }, generationId: string): Promise<boolean> {
    try {
      return await this.options.onTurn({ upstream, use, generationId });
    } catch (error) {
      this.options.logger.warn({ err: error, generationId }, 'one who waits for a credential could not be told');
      return false;
    }
  }

  private async giveFor({ row, models, use, count }: Room): Promise<void> {
    const { upstream, kind } = row;
    const restOwner = windowOwner(row);
    const freed = { queue: queueOf({ upstream, use }), credentialId: row.id, models, restOwner, kind };
    for (let missing = count, gone = 0; missing > 0 && gone < MOST_GONE;) {
      const waiters = await this.options.leases.wake({ ...freed, count: missing });
      const told = await Promise.all(
        waiters.map((generationId) => this.options.onTurn({ upstream, use, generationId })),
      );
      const started = told.filter(Boolean).length;
      if (waiters.length < missing) return;
      missing -= started;
      gone += waiters.length - started;
    }
  }
}
