import type { Clock } from '@sluice/contracts/clock';
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

/** Idempotency keys of calls that are answered whole; durable submissions claim theirs in their own transaction. */
export class IdempotencyStore {
  constructor(private readonly options: { postgres: Queryable; clock: Clock }) {}

  /** Undefined when the key is the caller's now; else what it stands for. */
  async claim({ scope, key, fingerprint, supersedes }: IdempotencyClaim): Promise<KnownKey | undefined> {
    const { postgres, clock } = this.options;
    for (;;) {
      const now = clock.now();
      const until = new Date(now + IDEMPOTENCY_HOLD_MS);
      const taken = await claimKey.first(
        postgres,
        scope,
        key,
        fingerprint,
        null,
        new Date(now),
        until,
        supersedes === true,
      );
      if (taken) return undefined;
      const known = await this.find(scope, key);
      // It may have been released in between: then it is free again.
      if (known) return known;
    }
  }

  async find(scope: string, key: string): Promise<KnownKey | undefined> {
    const row = await findKey.first(this.options.postgres, scope, key, new Date(this.options.clock.now()));
    return (
      row && {
        fingerprint: row.fingerprint,
        generationId: row.generation_id ?? undefined,
        answer: row.answer ?? undefined,
      }
    );
  }

  /** The call that holds the key goes on. */
  async prolong({ scope, key }: IdempotencyClaim): Promise<void> {
    await prolongKey.run(this.options.postgres, scope, key, new Date(this.options.clock.now() + IDEMPOTENCY_HOLD_MS));
  }

  async answer({ scope, key }: IdempotencyClaim, answer: string): Promise<void> {
    await answerKey.run(this.options.postgres, scope, key, answer, new Date(this.options.clock.now() + IDEMPOTENCY_MS));
  }

  /** The call failed in a way that may be tried again. */
  async release({ scope, key }: IdempotencyClaim): Promise<void> {
    await releaseKey.run(this.options.postgres, scope, key);
  }

  /** Forgets what is older than a day; answers how many. */
  async purge(limit: number): Promise<number> {
    return forgetKeys.run(this.options.postgres, new Date(this.options.clock.now()), limit);
  }
}

const sql = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url);

const claimKey = defineStatement<
  { fingerprint: string },
  [
    scope: string,
    key: string,
    fingerprint: string,
    generationId: string | null,
    now: Date,
    until: Date,
    supersedes: boolean,
  ]
>({ name: 'claim-idempotency-key', url: sql('claim-idempotency-key') });

const findKey = defineStatement<
  { fingerprint: string; generation_id: string | null; answer: string | null },
  [scope: string, key: string, now: Date]
>({ name: 'find-idempotency-key', url: sql('find-idempotency-key') });

const answerKey = defineStatement<never, [scope: string, key: string, answer: string, until: Date]>({
  name: 'answer-idempotency-key',
  url: sql('answer-idempotency-key'),
});

const prolongKey = defineStatement<never, [scope: string, key: string, until: Date]>({
  name: 'prolong-idempotency-key',
  url: sql('prolong-idempotency-key'),
});

const releaseKey = defineStatement<never, [scope: string, key: string]>({
  name: 'release-idempotency-key',
  url: sql('release-idempotency-key'),
});

const forgetKeys = defineStatement<never, [now: Date, limit: number]>({
  name: 'forget-idempotency-keys',
  url: sql('forget-idempotency-keys'),
});
