import { credentialUseSchema, type CredentialState } from '@sluice/contracts/credential';
import { z } from 'zod';
import { ANY } from './credential-settings.js';

/** What is left of an account, as its upstream said; refused beyond that until it is renewed. */
export const reportedQuotaSchema = z.object({
  use: z.union([z.literal(ANY), credentialUseSchema]).default(ANY),
  model: z.string().default(ANY),
  remaining: z.int().nonnegative(),
  resetAtMs: z.number(),
  reportedAtMs: z.number(),
});
export type ReportedQuota = z.infer<typeof reportedQuotaSchema>;

/** A refresh that was begun: written down before the upstream is asked, taken away with the new secret. */
export const refreshIntentSchema = z.object({ id: z.string(), startedAtMs: z.number() });
export type RefreshIntent = z.infer<typeof refreshIntentSchema>;

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
  refresh?: RefreshIntent;
  /** By model; those that share a quota all have them. */
  rests?: Record<string, ModelRest>;
}
