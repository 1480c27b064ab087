import { careFor } from './account-care.js';
import type { PoolSettings } from './credential-settings.js';
import type { PooledCredential } from './pooled-credential.js';

/** Whether a session is to be made fresh. Of one that lives shorter than it is refreshed ahead, half its life counts. */
export function isRefreshDue(
  { sessionEndsAtMs, row }: Pick<PooledCredential, 'sessionEndsAtMs' | 'row'>,
  settings: PoolSettings,
  nowMs: number,
): boolean {
  if (sessionEndsAtMs === Number.POSITIVE_INFINITY) return false;
  const { refreshFailure, refreshedAtMs = Number.NEGATIVE_INFINITY } = row.counters;
  const aheadMs = Math.min(careFor(row, settings).refreshAheadMs, (sessionEndsAtMs - refreshedAtMs) / 2);
  return sessionEndsAtMs - aheadMs <= nowMs && (refreshFailure?.againAtMs ?? 0) <= nowMs;
}
