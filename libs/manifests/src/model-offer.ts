import type { KindCare, ManifestModel, QuotaGuess, UpstreamManifest } from './upstream-manifest.js';
import { findUpstream } from './upstreams.js';

export interface AccountOffer {
  upstream: string;
  kind: string;
  plan: string | undefined;
}

/** Whether such an account has the model, as far as manifests tell; what none lists, the upstream may have. */
export function offersModel({ upstream, kind, plan }: AccountOffer, model: string): boolean {
  const manifest = findUpstream(upstream);
  return manifest === undefined || accountOffers(manifest, { kind, plan }, model);
}

/** One list for all accounts of a sort: there may be a hundred thousand of them. */
const lists = new Map<string, readonly string[] | undefined>();

/** The models of such an account, where they are those that the manifest lists and no others. */
export function listOffers({ upstream, kind, plan }: AccountOffer): readonly string[] | undefined {
  const sort = JSON.stringify([upstream, kind, plan]);
  if (!lists.has(sort)) lists.set(sort, makeList({ upstream, kind, plan }));
  return lists.get(sort);
}

function makeList({ upstream, kind, plan }: AccountOffer): string[] | undefined {
  const manifest = findUpstream(upstream);
  if (manifest?.kinds[kind]?.onlyListed !== true) return undefined;
  return manifest.models.flatMap(({ id }) => (accountOffers(manifest, { kind, plan }, id) ? [id] : []));
}

/** The same of a manifest that is at hand. */
export function accountOffers(
  manifest: UpstreamManifest,
  { kind, plan }: Pick<AccountOffer, 'kind' | 'plan'>,
  model: string,
): boolean {
  const listed = findModel(manifest, model);
  if (!listed) return manifest.kinds[kind]?.onlyListed !== true;
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

/** What such an account is taken to have while it has told nothing. */
export function guessQuota({ upstream, kind, plan }: AccountOffer): QuotaGuess | undefined {
  const manifest = findUpstream(upstream);
  const [first = ''] = manifest?.plans ?? [];
  return manifest?.kinds[kind]?.firstGuess?.[plan ?? first];
}

/** How such an account is treated where the operator says nothing. */
export function careOfKind({ upstream, kind }: Pick<AccountOffer, 'upstream' | 'kind'>): KindCare {
  return findUpstream(upstream)?.kinds[kind]?.care ?? {};
}

/** Whether a look at such an account tells what is left of it. */
export function tellsQuotas({ upstream, kind }: Pick<AccountOffer, 'upstream' | 'kind'>): boolean {
  return findUpstream(upstream)?.kinds[kind]?.tellsQuotas === true;
}

function findModel({ models }: UpstreamManifest, model: string): ManifestModel | undefined {
  return models.length === 0 ? undefined : models.find(({ id }) => id === model);
}
