import { credentialLimitsSchema, credentialStateSchema, type CredentialState } from '@sluice/contracts/credential';
import { z } from 'zod';
import type { CredentialCounters } from './credential-counters.js';
import { credentialSettingsSchema, type CredentialSettings } from './credential-settings.js';
import { showProxyUrl } from './proxy-url.js';
import type { StoredCredential } from './stored-credential.js';

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
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type CredentialView = z.infer<typeof credentialViewSchema>;

export function toCredentialView(credential: StoredCredential, nowMs: number): CredentialView {
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

/** Rests whose end was known need no proof: when it is past, the credential is ready though nobody has used it yet. */
const ENDS_BY_ITSELF: ReadonlySet<CredentialState> = new Set(['rate_limited', 'quota_exhausted']);

function toStanding(
  credential: StoredCredential,
  nowMs: number,
): Pick<CredentialView, 'state' | 'reason' | 'nextTryAt'> {
  const { enabled, state, reason, nextTryAt } = credential;
  if (!enabled) return { state: 'disabled', reason: 'Switched off by an operator.', nextTryAt: null };
  const isOver = nextTryAt !== null && nextTryAt.getTime() <= nowMs;
  if (isOver && ENDS_BY_ITSELF.has(state)) return { state: 'ready', reason: null, nextTryAt: null };
  return { state, reason, nextTryAt: nextTryAt?.toISOString() ?? null };
}
