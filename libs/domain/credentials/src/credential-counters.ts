import type { AccountFacts } from '@sluice/contracts/account-facts';
import { credentialUseSchema, type CredentialState } from '@sluice/contracts/credential';
import { z } from 'zod';
import { ANY } from './credential-settings.js';
import type { QuotaReport } from './quota-report.js';

/** What is left of an account, as its upstream said; refused beyond that until it is renewed. */
export const reportedQuotaSchema = z.object({
  use: z.union([z.literal(ANY), credentialUseSchema]).default(ANY),
  model: z.string().default(ANY),
  /** What may be used of it. */
  remaining: z.int().nonnegative(),
  resetAtMs: z.number(),
  reportedAtMs: z.number(),
});
export type ReportedQuota = z.infer<typeof reportedQuotaSchema>;

/** A refresh that was begun: written down before the upstream is asked, taken away with the new secret. */
export const refreshIntentSchema = z.object({ id: z.string(), startedAtMs: z.number() });
export type RefreshIntent = z.infer<typeof refreshIntentSchema>;

export interface RefreshFailure {
  atMs: number;
  againAtMs: number;
  reason: string;
}

/** A model that its upstream refuses for a while, while the others of the account go on. */
export interface ModelRest {
  untilMs: number;
  state: CredentialState;
  reason: string;
  epoch: number;
}

/** The column `counters`: what the pool learns and must not forget. The pool writes it, nobody edits it. */
export interface CredentialCounters {
  /** Window name → [when it ends, used in it]. */
  windows?: Record<string, [endMs: number, used: number]>;
  quotas?: ReportedQuota[];
  /** What the last report said, for operators. */
  told?: { atMs: number; quotaReserve: number; quotas: QuotaReport[] };
  refresh?: RefreshIntent;
  /** A session that was to be made fresh ahead of its end, and was not: it still serves. */
  refreshFailure?: RefreshFailure;
  refreshedAtMs?: number;
  account?: AccountFacts & { lookedAtMs: number };
  /** Of the lease of the last look. */
  lookEpoch?: number;
  /** Why it was switched off, where no operator did it. */
  switchedOff?: string;
  /** By model; those that share a quota all have them. */
  rests?: Record<string, ModelRest>;
}
