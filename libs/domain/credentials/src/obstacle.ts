import { offersModel } from '@sluice/manifests/model-offer';
import { z } from 'zod';
import type { LeaseRequest } from './credential-source.js';
import { toCredentialView } from './credential-view.js';
import type { StoredCredential } from './stored-credential.js';

/** Why a credential does not take what is asked for. */
export const obstacleSchema = z.object({
  type: z.enum(['disabled', 'other_kind', 'other_model', 'not_owner', 'resting', 'model_resting', 'in_use', 'used_up']),
  /** In words, for the operator. */
  reason: z.string(),
  /** When it is over by itself, as far as is known. */
  until: z.iso.datetime().nullable(),
});
export type Obstacle = z.infer<typeof obstacleSchema>;

/** What a credential is looked at for. */
export interface Wanted extends Pick<LeaseRequest, 'use' | 'model'> {
  kind?: string | undefined;
  pinned?: string | undefined;
}

/** What is known of the uses of one credential for that use and model. */
export interface Uses {
  busy: number;
  busyWithModel: number;
  /** A window of it, or a quota that its upstream told, is used up until then. */
  usedUpUntilMs: number | undefined;
}

/** The first that stands against it, the lasting ones before those that pass; undefined where it would take it. */
export function obstacleOf(
  row: StoredCredential,
  request: Wanted,
  { uses, nowMs }: { uses: Uses; nowMs: number },
): Obstacle | undefined {
  return lastingObstacle(row, request) ?? restOf(row, request, nowMs) ?? fullness(row, request, uses);
}

function lastingObstacle(row: StoredCredential, { model, kind, pinned }: Wanted): Obstacle | undefined {
  const { upstream, models, settings } = row;
  if (!row.enabled) return lasting('disabled', 'Switched off by an operator.');
  if (pinned !== undefined && pinned !== row.id)
    return lasting('not_owner', 'What this starts from is another account’s.');
  if (kind !== undefined && kind !== row.kind)
    return lasting('other_kind', `Of the kind '${row.kind}', and '${kind}' is wanted.`);
  if (models !== null)
    return models.includes(model) ? undefined : lasting('other_model', `Named for other models than '${model}'.`);
  if (offersModel({ upstream, kind: row.kind, plan: settings.plan }, model)) return undefined;
  const { plan = 'unknown' } = settings;
  return lasting('other_model', `Accounts of this kind and plan (${plan}) do not have the model '${model}'.`);
}

function restOf(row: StoredCredential, { model }: Wanted, nowMs: number): Obstacle | undefined {
  const { state, reason, nextTryAt, restingModels } = toCredentialView(row, nowMs);
  if (state !== 'ready')
    return { type: 'resting', reason: `${state}: ${reason ?? 'no reason told'}`, until: nextTryAt };
  const rest = restingModels.find((one) => one.model === model);
  return rest && { type: 'model_resting', reason: `${rest.state}: ${rest.reason}`, until: rest.nextTryAt };
}

function fullness(
  { limits, settings }: StoredCredential,
  { use, model }: Wanted,
  { busy, busyWithModel, usedUpUntilMs }: Uses,
): Obstacle | undefined {
  const limit = limits[use];
  if (limit !== undefined && busy >= limit)
    return lasting('in_use', `${busy} of ${limit} places for ${use} are taken.`);
  const modelLimit = settings.modelLimits?.[model]?.[use];
  if (modelLimit !== undefined && busyWithModel >= modelLimit)
    return lasting('in_use', `${busyWithModel} of ${modelLimit} places for '${model}' are taken.`);
  if (usedUpUntilMs === undefined) return undefined;
  const until = new Date(usedUpUntilMs).toISOString();
  return { type: 'used_up', reason: 'What the account has, or is allowed by you, is used up.', until };
}

function lasting(type: Obstacle['type'], reason: string): Obstacle {
  return { type, reason, until: null };
}
