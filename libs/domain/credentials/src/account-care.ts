import { careOfKind } from '@sluice/manifests/model-offer';
import type { PoolSettings } from './credential-settings.js';
import type { StoredCredential } from './stored-credential.js';

/** How an account is treated. */
export interface AccountCare {
  quotaReserve: number;
  /** Null: never for that. */
  errorLimit: number | null;
  refreshAheadMs: number;
}

const USUAL_AHEAD_MS = 5 * 60_000;

/** As the operator says of the upstream; else as is usual for its kind. */
export function careFor(
  { upstream, kind }: Pick<StoredCredential, 'upstream' | 'kind'>,
  said: PoolSettings,
): AccountCare {
  const usual = careOfKind({ upstream, kind });
  return {
    quotaReserve: said.quotaReserve ?? usual.quotaReserve ?? 0,
    errorLimit: said.errorLimit === undefined ? (usual.errorLimit ?? null) : said.errorLimit,
    refreshAheadMs: said.refreshAheadMs ?? usual.refreshAheadMs ?? USUAL_AHEAD_MS,
  };
}
