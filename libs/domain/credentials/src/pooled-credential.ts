import type { CredentialState, CredentialUse } from '@sluice/contracts/credential';
import { listOffers, offersModel } from '@sluice/manifests/model-offer';
import type { LeaseRequest } from './credential-source.js';
import { modelList } from './lease-store.js';
import type { StoredCredential } from './stored-credential.js';

/** A credential in this process's memory: its row, and what this process knows beyond it. Times are of the local clock. */
export interface PooledCredential {
  readonly row: StoredCredential;
  readonly models: ReadonlySet<string> | undefined;
  /** All that it serves, where that is known; who waits for anything else is not called to it. */
  readonly listed: readonly string[] | undefined;
  /** Its models as scripts are told them with each release; empty where they are too many for that. */
  readonly shortList: string;
  /** Breaks ties between those of one age. */
  readonly sequence: number;
  /** Until then it rests: it is in no order. */
  restsUntilMs: number;
  /** Until when it is not asked again, unless a release of ours comes first: by use, or use and model (see `fullKey`). */
  readonly fullUntilMs: Map<string, number>;
  /** Until when it rests for single models; undefined: for none. */
  modelRests: Map<string, number> | undefined;
  /** So long the store's last word holds, that nobody counts such uses of it and that it does not rest; with that lease's epoch. */
  free: { use: CredentialUse; model: string; epoch: number; untilMs: number } | undefined;
  /** When we last saw it fail, or it was passed over. */
  refusedAtMs: number;
  /** Leases of it in the cluster, by use, as last seen. */
  readonly busy: Map<CredentialUse, number>;
  /** What its tightest window left when last seen; infinite where nobody counts. */
  quotaLeft: number;
  /** When its session ends; told by the opened secret. */
  sessionEndsAtMs: number;
  /** The opened secret, from its first use on. */
  secret?: unknown;
}

/**
 * One that was refused as such is looked at by a probe when its time comes. Requests of clients take that part only
 * when no probe has for so long.
 */
export const PROBE_GRACE_MS = 15_000;
export const MENDED_BY_PROBE: ReadonlySet<CredentialState> = new Set(['auth_failed', 'degraded']);
/** Rests whose end was known need no proof: when it is past, the credential is ready though nobody has used it yet. */
export const ENDS_BY_ITSELF: ReadonlySet<CredentialState> = new Set(['rate_limited', 'quota_exhausted']);

const MOST_LISTED = 8;
let count = 0;

export function toPooledCredential(row: StoredCredential): PooledCredential {
  const { models, upstream, kind, settings } = row;
  const listed = models ?? listOffers({ upstream, kind, plan: settings.plan });
  return {
    row,
    models: models === null ? undefined : new Set(models),
    listed,
    shortList: (listed?.length ?? 0) > MOST_LISTED ? '' : modelList(listed),
    sequence: count++,
    restsUntilMs: restEndMs(row),
    fullUntilMs: new Map(),
    modelRests: modelRestsOf(row),
    free: undefined,
    refusedAtMs: 0,
    busy: new Map(),
    sessionEndsAtMs: Number.POSITIVE_INFINITY,
    quotaLeft: Math.min(Number.POSITIVE_INFINITY, ...(row.counters.quotas ?? []).map(({ remaining }) => remaining)),
  };
}

/** Whether it may serve such a request at all; what it is busy with is not looked at. */
export function serves(
  { row, models }: PooledCredential,
  request: Pick<LeaseRequest, 'use' | 'model' | 'plans' | 'tags' | 'kind' | 'group'>,
): boolean {
  if (request.use !== 'upkeep') {
    const { uses } = row.settings;
    if (uses !== undefined && !uses.includes(request.use)) return false;
    if (!hasModel({ row, models }, request.model)) return false;
  }
  const { plans, tags, kind, group } = request;
  if (kind !== undefined && row.kind !== kind) return false;
  if (plans !== undefined && (row.settings.plan === undefined || !plans.includes(row.settings.plan))) return false;
  if (group !== undefined && row.settings.group !== group) return false;
  return tags === undefined || tags.every((tag) => row.tags.includes(tag));
}

function hasModel({ row, models }: Pick<PooledCredential, 'row' | 'models'>, model: string): boolean {
  const { upstream, kind, settings } = row;
  return models?.has(model) ?? offersModel({ upstream, kind, plan: settings.plan }, model);
}

/** Names what of a credential is full: a use of it, or only for one model. */
export function fullKey(use: CredentialUse, model: string | undefined): string {
  return model === undefined ? use : `${use} ${model}`;
}

export function fullUntil(
  { fullUntilMs }: PooledCredential,
  { use, model }: { use: CredentialUse; model: string },
): number {
  if (fullUntilMs.size === 0) return 0;
  return Math.max(fullUntilMs.get(use) ?? 0, fullUntilMs.get(fullKey(use, model)) ?? 0);
}

/** Until when the model rests; what we do ourselves is not stopped by it. */
export function modelRestUntil(
  { modelRests }: PooledCredential,
  { use, model }: { use: CredentialUse; model: string },
): number {
  return modelRests === undefined || use === 'upkeep' ? 0 : (modelRests.get(model) ?? 0);
}

/** Whether a use of it may begin before the store has booked it. */
export function isFree({ free }: PooledCredential, request: LeaseRequest, nowMs: number): boolean {
  if (free === undefined || request.goesAhead !== true) return false;
  // The store knows where a session is, and takes those out of the queue who waited.
  if (request.sticky !== undefined || request.waiting?.isAgain) return false;
  return free.untilMs > nowMs && free.use === request.use && free.model === request.model;
}

/** It failed, or was passed over: what the store said before counts for nothing. */
export function noteRefusal(credential: PooledCredential, nowMs: number): void {
  credential.free = undefined;
  credential.refusedAtMs = nowMs;
}

function modelRestsOf({ counters: { rests } }: StoredCredential): Map<string, number> | undefined {
  return rests && new Map(Object.entries(rests).map(([model, { untilMs }]) => [model, untilMs]));
}

function restEndMs({ state, nextTryAt }: StoredCredential): number {
  if (state === 'ready' || nextTryAt === null) return 0;
  return nextTryAt.getTime() + (MENDED_BY_PROBE.has(state) ? PROBE_GRACE_MS : 0);
}
