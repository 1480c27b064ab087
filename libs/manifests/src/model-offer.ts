import type { ManifestModel, UpstreamManifest } from './upstream-manifest.js';
import { findUpstream } from './upstreams.js';

export interface AccountOffer {
  upstream: string;
  kind: string;
  plan: string | undefined;
}

/** Whether such an account has the model, as far as manifests tell; what none lists, the upstream may have. */
export function offersModel({ upstream, kind, plan }: AccountOffer, model: string): boolean {
  const manifest = findUpstream(upstream);
  const listed = manifest && findModel(manifest, model);
  if (!manifest || !listed) return manifest?.kinds[kind]?.onlyListed !== true;
  if (listed.kinds && !listed.kinds.includes(kind)) return false;
  const [first = ''] = manifest.plans ?? [];
  // Plans are of those accounts whose models are all listed.
  return manifest.kinds[kind]?.onlyListed !== true || !listed.plans || listed.plans.includes(plan ?? first);
}

/** What a use of the model takes of a window of its account. */
export function costOf(upstream: string, model: string): number {
  const manifest = findUpstream(upstream);
  return (manifest && findModel(manifest, model)?.cost) ?? 1;
}

/** Accounts of a lower rank are tried first. */
export function planRank(upstream: string, plan: string | undefined): number {
  const { plans = [] } = findUpstream(upstream) ?? {};
  return plan === undefined ? 0 : Math.max(0, plans.indexOf(plan));
}

function findModel({ models }: UpstreamManifest, model: string): ManifestModel | undefined {
  return models.length === 0 ? undefined : models.find(({ id }) => id === model);
}
