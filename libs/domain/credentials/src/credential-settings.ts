import { chatHabitsSchema } from '@sluice/contracts/chat-habits';
import { credentialLimitsSchema, credentialUseSchema } from '@sluice/contracts/credential';
import { extraHeadersSchema } from '@sluice/contracts/extra-headers';
import { z } from 'zod';

/** What a rule that leaves a use or a model open is about. */
export const ANY = '*';

const DAY_MS = 24 * 60 * 60_000;
const LONGEST_WINDOW_MS = 366 * DAY_MS;

/**
 * So much in so long: "80 per 20 h" is `{count: 80, perMs: 72000000}`. A window begins with the first use in it, and is
 * counted for all replicas together. `tokens` are counted when a use ends: the one that crosses the line still finishes.
 */
export const usageWindowSchema = z.strictObject({
  use: z.union([z.literal(ANY), credentialUseSchema]).default(ANY),
  model: z.string().min(1).max(200).default(ANY),
  unit: z.enum(['requests', 'tokens']).default('requests'),
  count: z.int().positive(),
  perMs: z.int().min(1_000).max(LONGEST_WINDOW_MS),
});
export type UsageWindow = z.infer<typeof usageWindowSchema>;

const nameSchema = z.string().trim().min(1).max(200);

/** What a credential may carry beyond its columns; kept in the column `settings`. Every field is optional. */
export const credentialSettingsSchema = z
  .strictObject({
    /** The account's plan or tier, as the requests name it: `super`, `pro`. */
    plan: nameSchema,
    /** What it is used for, where it is not used for all that it can. */
    uses: z.array(credentialUseSchema.exclude(['upkeep'])).min(1, 'must name at least one use; null means all'),
    /** Credentials of one group can be asked for together. */
    group: nameSchema,
    /** Credentials that name the same one share their windows and reported quotas: keys of one project. */
    quotaGroup: nameSchema,
    windows: z.array(usageWindowSchema).max(20),
    /** Simultaneous uses per model, beside those per use in `limits`. */
    modelLimits: z.record(nameSchema, credentialLimitsSchema),
    /** The way out for this credential: an HTTP or SOCKS5 proxy. Holds a password: never shown whole. */
    proxyUrl: z.string().max(2_000),
    /** Headers of every call with it. */
    headers: extraHeadersSchema,
    /** How its vendor departs from OpenAI's chat protocol. */
    chatHabits: chatHabitsSchema,
  })
  .partial();
export type CredentialSettings = z.infer<typeof credentialSettingsSchema>;

/** What the setting `pool:<upstream>` says; read again whenever it changes. */
export const SELECTION_STRATEGIES = [
  'round-robin',
  'random',
  'weighted',
  'least-busy',
  'most-quota',
  'fill-first',
] as const;
export const poolSettingsSchema = z.object({
  strategy: z.enum(SELECTION_STRATEGIES).default('round-robin'),
  /** How long a session stays with its credential after its last use. */
  stickyMs: z
    .int()
    .min(1_000)
    .max(30 * DAY_MS)
    .default(60 * 60_000),
  /** So much of what an account has left, as its upstream tells it, is not used. Absent, here and below: as is usual for its kind. */
  quotaReserve: z.int().min(0).max(1_000_000).optional(),
  /** So many errors in a row that speak against the account, and it rests; null: never for that. */
  errorLimit: z.int().min(1).max(1_000).nullable().optional(),
  /** It is switched off instead, until an operator switches it on again. */
  disableAfterErrors: z.boolean().default(false),
  /** The same where its upstream refuses what it is signed in by, and it cannot be renewed. */
  disableWhenRefused: z.boolean().default(false),
  /** Sessions are made fresh so long before they end. */
  refreshAheadMs: z
    .int()
    .min(0)
    .max(30 * DAY_MS)
    .optional(),
});
export type PoolSettings = z.infer<typeof poolSettingsSchema>;
export type SelectionStrategy = PoolSettings['strategy'];
