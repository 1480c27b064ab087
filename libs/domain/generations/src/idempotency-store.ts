import { randomUUID } from 'node:crypto';
import type { IdempotencyClaim } from '@sluice/contracts/durable-generation';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';

export const IDEMPOTENCY_MS = 24 * 60 * 60_000;
/** A call whose gateway dies frees its key after this; while it lives it says so more often. */
export const IDEMPOTENCY_HOLD_MS = 60_000;

/** What an earlier call with the same key came to. */
export interface KnownKey {
  fingerprint: string;
  generationId: string | undefined;
  /** The stored answer; undefined while the call still runs. */
  answer: string | undefined;
}

/** A key that one call has: whoever takes it later has another `holder`. */
export interface HeldKey {
  scope: string;
  key: string;
  holder: string;
}

export type Claimed = { type: 'held'; held: HeldKey } | { type: 'known'; known: KnownKey };

/**
 * Idempotency keys of calls that are answered whole; durable submissions claim theirs in their own transaction. Time is
 * the database's, since replicas with clocks of their own would take keys from each other.
 */
export class IdempotencyStore {
  constructor(private readonly options: { postgres: Queryable }) {}

  /** The key is the caller's now, or stands for an earlier call. */
  async claim({ scope, key, fingerprint, supersedes }: IdempotencyClaim): Promise<Claimed> {
    const { postgres } = this.options;
    const holder = randomUUID();
    for (;;) {
      const taken = await claimKey.first(
        postgres,
        scope,
        key,
        fingerprint,
        holder,
        IDEMPOTENCY_HOLD_MS,
        supersedes === true,
      );
      if (taken) return { type: 'held', held: { scope, key, holder } };
      const known = await this.find(scope, key);
      // It may have been released in between: then it is free again.
      if (known) return { type: 'known', known };
    }
  }

  async find(scope: string, key: string): Promise<KnownKey | undefined> {
    const row = await findKey.first(this.options.postgres, scope, key);
    return (
      row && {
        fingerprint: row.fingerprint,
        generationId: row.generation_id ?? undefined,
        answer: row.answer ?? undefined,
      }
    );
  }

  /** The call that holds the key goes on. */
  async prolong({ scope, key, holder }: HeldKey): Promise<void> {
    await prolongKey.run(this.options.postgres, scope, key, holder, IDEMPOTENCY_HOLD_MS);
  }

  async answer({ scope, key, holder }: HeldKey, answer: string): Promise<void> {
    await answerKey.run(this.options.postgres, scope, key, holder, answer, IDEMPOTENCY_MS);
  }

  /** The call failed in a way that may be tried again. */
  async release({ scope, key, holder }: HeldKey): Promise<void> {
    await releaseKey.run(this.options.postgres, scope, key, holder);
  }

  /** Forgets what is older than a day; answers how many. */
  async purge(limit: number): Promise<number> {
    return forgetKeys.run(this.options.postgres, limit);
  }
}

const sql = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url);

const claimKey = defineStatement<
  { fingerprint: string },
  [scope: string, key: string, fingerprint: string, holder: string, holdMs: number, supersedes: boolean]
>({ name: 'claim-idempotency-key', url: sql('claim-idempotency-key') });

const findKey = defineStatement<
  { fingerprint: string; generation_id: string | null; answer: string | null },
  [scope: string, key: string]
>({ name: 'find-idempotency-key', url: sql('find-idempotency-key') });

const answerKey = defineStatement<
  never,
  [scope: string, key: string, holder: string, answer: string, rememberMs: number]
>({ name: 'answer-idempotency-key', url: sql('answer-idempotency-key') });

const prolongKey = defineStatement<never, [scope: string, key: string, holder: string, holdMs: number]>({
  name: 'prolong-idempotency-key',
  url: sql('prolong-idempotency-key'),
});

const releaseKey = defineStatement<never, [scope: string, key: string, holder: string]>({
  name: 'release-idempotency-key',
  url: sql('release-idempotency-key'),
});

const forgetKeys = defineStatement<never, [limit: number]>({
  name: 'forget-idempotency-keys',
  url: sql('forget-idempotency-keys'),
});
