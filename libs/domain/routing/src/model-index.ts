import type { CredentialUse } from '@sluice/contracts/credential';
import type { Target } from '@sluice/contracts/route';
import { accountOffers, type AccountOffer } from '@sluice/manifests/model-offer';
import type { UpstreamManifest } from '@sluice/manifests/upstream-manifest';
import type { Flag } from '@sluice/platform-config/flag';
import { countedModels } from './counted-models.js';
import type { KnownModels } from './known-models.js';
import { type ModelWork, workAt, worksTogether } from './model-work.js';
import type { CredentialModel } from './route-repository.js';

/** An entry of `GET /v1/models`. */
export interface ListedModel {
  id: string;
  ownedBy: string;
  createdAtSeconds: number;
}

export interface ModelIndexOptions {
  upstreams: readonly UpstreamManifest[];
  credentialModels: readonly CredentialModel[];
  knownModels: KnownModels;
  demo: Flag;
}

type Account = Pick<AccountOffer, 'kind' | 'plan'>;

/** What one upstream's credentials serve. */
interface Serving {
  /** Credentials that serve whatever accounts like theirs have, told once for each sort of account. */
  open: Map<string, Account>;
  /** Models by name, and since when. */
  named: Map<string, number>;
  sinceSeconds: number;
}

const MOST_NAMES_KEPT = 2_000;
const NOTHING: Serving = { open: new Map(), named: new Map(), sinceSeconds: 0 };

/** Which upstreams can serve a model name that no route explains. Built anew when anything changes; answers from memory. */
export class ModelIndex {
  private readonly serving: ReadonlyMap<string, Serving>;
  /** What was asked before, by use and name. */
  private readonly found = new Map<string, Target[]>();

  constructor(private readonly options: ModelIndexOptions) {
    this.serving = collect(options.credentialModels, options.demo);
  }

  /**
   * Manifests first, then names on credentials, then the upstreams' own lists. An upstream whose list was not read yet is
   * given the benefit of the doubt: it refuses what it does not have by itself.
   */
  targets(model: string, use: CredentialUse): Target[] {
    const name = `${use} ${model}`;
    const known = this.found.get(name);
    if (known) return known;
    const targets = this.findTargets(model, use);
    // Clients make names up.
    if (this.found.size < MOST_NAMES_KEPT) this.found.set(name, targets);
    return targets;
  }

  private findTargets(model: string, use: CredentialUse): Target[] {
    const upstreams = this.options.upstreams.filter((upstream) => upstream.uses.includes(use));
    const servable = upstreams.filter((upstream) => this.serves(upstream, model, use));
    const rank = (upstream: UpstreamManifest) => this.rank(upstream, model, use);
    // Without a credential it is still no unknown model: the caller is told what is missing.
    const chosen = servable.length > 0 ? servable : upstreams.filter((upstream) => isInManifest(upstream, model, use));
    return chosen.toSorted((left, right) => rank(left) - rank(right)).map(({ id }) => ({ upstream: id, model }));
  }

  /** What is made of a conversation with it, by whoever knows the name best; undefined where nobody does. */
  work(model: string): ModelWork | undefined {
    const able = this.options.upstreams.flatMap((upstream) => {
      const work = workAt(upstream, model);
      return work ? [{ upstream, work, rank: this.rank(upstream, model, work) }] : [];
    });
    const servable = able.filter(({ upstream, work }) => this.serves(upstream, model, work));
    const chosen = servable.length > 0 ? servable : able.filter(({ rank }) => rank === 0);
    if (chosen.length === 0) return undefined;
    const best = Math.min(...chosen.map(({ rank }) => rank));
    return worksTogether(chosen.filter(({ rank }) => rank === best).map(({ work }) => work));
  }

  list(): ListedModel[] {
    return this.options.upstreams.flatMap((upstream) => {
      const { named, sinceSeconds } = this.of(upstream);
      const own = upstream.models
        .filter(({ id }) => named.has(id) || this.isOffered(upstream, id))
        .map(({ id }) => ({ id, ownedBy: upstream.id, createdAtSeconds: sinceSeconds }));
      const byCredential = [...named].map(([id, createdAtSeconds]) => ({ id, ownedBy: upstream.id, createdAtSeconds }));
      const listed = this.options.knownModels.modelsOf(upstream.id) ?? [];
      const known = listed.filter(({ id }) => this.isOffered(upstream, id));
      const byUpstream = known.map(({ id, ownedBy, createdAtSeconds }) => ({
        id,
        ownedBy: ownedBy ?? upstream.id,
        createdAtSeconds: Math.floor(createdAtSeconds ?? sinceSeconds),
      }));
      return [...own, ...byCredential, ...byUpstream];
    });
  }

  private rank(upstream: UpstreamManifest, model: string, use: CredentialUse): number {
    if (isInManifest(upstream, model, use)) return 0;
    return this.of(upstream).named.has(model) ? 1 : 2;
  }

  private serves(upstream: UpstreamManifest, model: string, use: CredentialUse): boolean {
    if (upstream.unlistedUses?.includes(use) === false && !isInManifest(upstream, model, use)) return false;
    if (this.of(upstream).named.has(model)) return true;
    if (!this.isOffered(upstream, model)) return false;
    if (isInManifest(upstream, model, use)) return true;
    const known = this.options.knownModels.modelsOf(upstream.id);
    // A manifest that lists models for everybody lists all; one that lists those of certain accounts tells nothing of others.
    if (known === undefined) return upstream.models.every(({ id, kinds }) => id !== model && kinds !== undefined);
    return known.some(({ id }) => id === model);
  }

  /** Some account that names no models has it. */
  private isOffered(upstream: UpstreamManifest, model: string): boolean {
    for (const account of this.of(upstream).open.values()) if (accountOffers(upstream, account, model)) return true;
    return false;
  }

  private of(upstream: UpstreamManifest): Serving {
    return this.serving.get(upstream.id) ?? NOTHING;
  }
}

function isInManifest(upstream: UpstreamManifest, model: string, use: CredentialUse): boolean {
  return upstream.models.some(({ id, uses }) => id === model && uses.includes(use));
}

function collect(models: readonly CredentialModel[], demo: Flag): ReadonlyMap<string, Serving> {
  const serving = new Map<string, Serving>();
  for (const { upstream, kind, plan, model, createdAt } of countedModels(models, demo)) {
    const seconds = Math.floor(createdAt.getTime() / 1_000);
    const entry = serving.get(upstream) ?? {
      open: new Map<string, Account>(),
      named: new Map<string, number>(),
      sinceSeconds: seconds,
    };
    entry.sinceSeconds = Math.min(entry.sinceSeconds, seconds);
    if (model === null) entry.open.set(`${kind} ${plan ?? ''}`, { kind, plan: plan ?? undefined });
    else entry.named.set(model, Math.min(entry.named.get(model) ?? seconds, seconds));
    serving.set(upstream, entry);
  }
  return serving;
}
