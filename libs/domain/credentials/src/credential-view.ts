import { accountFactsSchema } from '@sluice/contracts/account-facts';
import { credentialLimitsSchema, credentialStateSchema } from '@sluice/contracts/credential';
import { z } from 'zod';
import type { CredentialCounters, ReportedQuota } from './credential-counters.js';
import { ANY, credentialSettingsSchema, type CredentialSettings } from './credential-settings.js';
import { ENDS_BY_ITSELF } from './pooled-credential.js';
import { showProxyUrl } from './proxy-url.js';
import { usableOf } from './quota-report.js';
import type { StoredCredential } from './stored-credential.js';
import type { TallyRow } from './tally-statements.js';
import { tallyViewSchema, toTallyView } from './tally-view.js';

const accountViewSchema = accountFactsSchema.omit({ planEndsAtMs: true, sessionEndsAtMs: true }).extend({
  planEndsAt: z.iso.datetime().optional(),
  sessionEndsAt: z.iso.datetime().optional(),
  lookedAt: z.iso.datetime(),
});

/** A credential as operators see it: all but the secret. */
export const credentialViewSchema = z.object({
  id: z.string(),
  upstream: z.string(),
  kind: z.string(),
  label: z.string(),
  baseUrl: z.string().nullable(),
  models: z.array(z.string()).nullable(),
  limits: credentialLimitsSchema,
  weight: z.int(),
  tags: z.array(z.string()),
  enabled: z.boolean(),
  allowPrivateNetwork: z.boolean(),
  demo: z.boolean(),
  notes: z.string().nullable(),
  /** The proxy's password is not shown. */
  settings: credentialSettingsSchema,
  state: credentialStateSchema,
  reason: z.string().nullable(),
  nextTryAt: z.iso.datetime().nullable(),
  /** Models that rest while the others go on; with those that share the quota. */
  restingModels: z.array(
    z.object({ model: z.string(), state: credentialStateSchema, reason: z.string(), nextTryAt: z.iso.datetime() }),
  ),
  /** What is left of the account, as its upstream said last, and how much of that may be used. */
  quotas: z.array(
    z.object({
      /** Of a use, or a use and a model. */
      name: z.string(),
      remaining: z.number(),
      usable: z.number(),
      resetAt: z.iso.datetime().nullable(),
      reportedAt: z.iso.datetime(),
    }),
  ),
  /** Who it is, as its upstream said last; null: it was not looked at, or does not tell. */
  account: accountViewSchema.nullable(),
  /** A session that should be fresh by now; it serves still. */
  refreshFailure: z.object({ at: z.iso.datetime(), tryAgainAt: z.iso.datetime(), reason: z.string() }).nullable(),
  tally: tallyViewSchema,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type CredentialView = z.infer<typeof credentialViewSchema>;

export function toCredentialView(credential: StoredCredential, nowMs: number, tally?: TallyRow): CredentialView {
  const {
    secret: _secret,
    identity: _identity,
    settings,
    counters,
    nextTryAt: _nextTryAt,
    createdAt,
    updatedAt,
    ...shown
  } = credential;
  return {
    ...shown,
    settings: showSettings(settings),
    ...toStanding(credential, nowMs),
    restingModels: toRestingModels(counters, nowMs),
    quotas: toQuotas(counters),
    account: toAccount(counters),
    refreshFailure: toRefreshFailure(counters),
    tally: toTallyView(tally, nowMs),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** Settings as they may be shown. */
export function showSettings(settings: CredentialSettings): CredentialSettings {
  const { proxyUrl } = settings;
  return proxyUrl === undefined ? settings : { ...settings, proxyUrl: showProxyUrl(proxyUrl) };
}

function toRestingModels({ rests = {} }: CredentialCounters, nowMs: number): CredentialView['restingModels'] {
  return Object.entries(rests)
    .filter(([, { untilMs }]) => untilMs > nowMs)
    .map(([model, { state, reason, untilMs }]) => {
      return { model, state, reason, nextTryAt: new Date(untilMs).toISOString() };
    });
}

function toQuotas({ told }: CredentialCounters): CredentialView['quotas'] {
  if (told === undefined) return [];
  return told.quotas.map(({ name, remaining, resetAtMs }) => ({
    name,
    remaining,
    // Where no reset is told, nothing is kept back for it.
    usable: resetAtMs === undefined ? remaining : usableOf({ remaining }, told.quotaReserve),
    resetAt: resetAtMs === undefined ? null : toTime(resetAtMs),
    reportedAt: toTime(told.atMs),
  }));
}

function toAccount({ account }: CredentialCounters): CredentialView['account'] {
  if (account === undefined) return null;
  const { planEndsAtMs, sessionEndsAtMs, lookedAtMs, ...facts } = account;
  return {
    ...facts,
    ...(planEndsAtMs !== undefined && { planEndsAt: toTime(planEndsAtMs) }),
    ...(sessionEndsAtMs !== undefined && { sessionEndsAt: toTime(sessionEndsAtMs) }),
    lookedAt: toTime(lookedAtMs),
  };
}

function toRefreshFailure({ refreshFailure }: CredentialCounters): CredentialView['refreshFailure'] {
  if (refreshFailure === undefined) return null;
  const { atMs, againAtMs, reason } = refreshFailure;
  return { at: toTime(atMs), tryAgainAt: toTime(againAtMs), reason };
}

const toTime = (atMs: number): string => new Date(atMs).toISOString();

function toStanding(
  credential: StoredCredential,
  nowMs: number,
): Pick<CredentialView, 'state' | 'reason' | 'nextTryAt'> {
  const { enabled, state, reason, nextTryAt, counters } = credential;
  if (!enabled) {
    const why = counters.switchedOff ?? 'Switched off by an operator.';
    return { state: 'disabled', reason: why, nextTryAt: null };
  }
  const isOver = nextTryAt !== null && nextTryAt.getTime() <= nowMs && ENDS_BY_ITSELF.has(state);
  const usedUp = state === 'ready' || isOver ? findUsedUp(counters, nowMs) : undefined;
  if (usedUp !== undefined) {
    const what = usedUp.use === ANY ? 'Nothing' : `Nothing for ${usedUp.use}`;
    return {
      state: 'quota_exhausted',
      reason: `${what} is left until the reset.`,
      nextTryAt: toTime(usedUp.resetAtMs),
    };
  }
  if (isOver) return { state: 'ready', reason: null, nextTryAt: null };
  return { state, reason, nextTryAt: nextTryAt?.toISOString() ?? null };
}

/** What is left for a whole use is nothing: so its upstream said, and it comes back by itself. */
function findUsedUp({ quotas = [] }: CredentialCounters, nowMs: number): ReportedQuota | undefined {
  return quotas.find(({ model, remaining, resetAtMs }) => model === ANY && remaining === 0 && resetAtMs > nowMs);
}
