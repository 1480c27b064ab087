import type { CredentialUse } from '@sluice/contracts/credential';
import type { Target } from '@sluice/contracts/route';
import { accountOffers } from '@sluice/manifests/model-offer';
import { readSoraName, SORA2API_MODELS, type SoraName } from '@sluice/manifests/sora-names';
import type { UpstreamManifest } from '@sluice/manifests/upstream-manifest';
import { countedModels } from './counted-models.js';
import type { ListedModel, ModelIndexOptions } from './model-index.js';
import type { CredentialModel } from './route-repository.js';
import { SORA_MAKERS, type SoraMaker } from './sora-makers.js';

export type SoraTargetsOptions = ModelIndexOptions;

/** What serves the names of Sora's clients where no operator says it. Built anew when anything changes; answers from memory. */
export class SoraTargets {
  private readonly accounts: readonly CredentialModel[];

  constructor(private readonly options: SoraTargetsOptions) {
    this.accounts = countedModels(options.credentialModels, options.demo);
  }

  /** One for each sort of account that can, by a model of its own, in the order in which they are tried. */
  targets(wish: SoraName, use: CredentialUse): Target[] {
    return (SORA_MAKERS[use] ?? []).flatMap((maker) => {
      const { upstream, kind } = maker;
      const model = this.modelOf(maker, wish);
      return model === undefined ? [] : [{ upstream, model, kind }];
    });
  }

  /** Whether an account or an upstream's own list knows the very name, so that it can be asked for by it. */
  isNamed(name: string): boolean {
    const { knownModels, upstreams } = this.options;
    if (this.accounts.some(({ model }) => model === name)) return true;
    const lists = (id: string) => knownModels.modelsOf(id)?.some((known) => known.id === name) ?? false;
    return upstreams.some(({ id }) => this.isOpen(id) && lists(id));
  }

  /** Whether there are such accounts of Sora's own. */
  has(kind: 'videos-api' | 'session'): boolean {
    return this.accountsOf('sora', kind).length > 0;
  }

  /** The names that something can serve; `isEnhanced` tells it of better prompts, which are no films or pictures. */
  list(isEnhanced: (wish: SoraName) => boolean): ListedModel[] {
    const sinceMs = Math.min(...this.accounts.map(({ createdAt }) => createdAt.getTime()));
    const createdAtSeconds = Number.isFinite(sinceMs) ? Math.floor(sinceMs / 1_000) : 0;
    const names = ['sora-2', 'sora-2-pro', ...SORA2API_MODELS.keys()];
    return names
      .filter((name) => this.canServe(readSoraName(name), isEnhanced))
      .map((id) => ({ id, ownedBy: 'sora2api', createdAtSeconds }));
  }

  private canServe(wish: SoraName | undefined, isEnhanced: (wish: SoraName) => boolean): boolean {
    switch (wish?.work) {
      case 'video':
      case 'image':
        return this.targets(wish, wish.work).length > 0;
      case 'extension':
        return this.has('videos-api') || this.has('session');
      case 'enhance':
        return isEnhanced(wish);
      case 'character':
        return this.targets(wish, 'character').length > 0;
      default:
        return false;
    }
  }

  private modelOf(maker: SoraMaker, wish: SoraName): string | undefined {
    const accounts = this.accountsOf(maker.upstream, maker.kind);
    const manifest = this.options.upstreams.find(({ id }) => id === maker.upstream);
    if (accounts.length === 0 || !manifest) return undefined;
    const { written, listed, isUnread } = this.namesOf(accounts, { manifest, maker });
    const isSure = manifest.kinds[maker.kind]?.onlyListed === true;
    const isThere = (name: string) =>
      written.has(name) || listed.includes(name) || (isSure && offers(manifest, accounts, name));
    const own = maker.names(wish).find(isThere);
    if (own !== undefined) return own;
    const fit = [...written, ...listed].filter((name) => isFitFor(name, wish));
    return best(fit) ?? (isUnread ? maker.usual?.(wish) : undefined);
  }

  /** What operators wrote down for accounts counts as it is, if only it is no other work's. */
  private namesOf(
    accounts: readonly CredentialModel[],
    { manifest, maker }: { manifest: UpstreamManifest; maker: SoraMaker },
  ) {
    const isOpen = accounts.some(({ model }) => model === null);
    const known = this.options.knownModels.modelsOf(maker.upstream);
    const isOnlyOne = manifest.unlistedUses?.length === 1;
    const written = accounts.flatMap(({ model }) =>
      model !== null && (isOnlyOne || maker.fits.test(model)) ? [model] : [],
    );
    const listed = isOpen ? (known ?? []).map(({ id }) => id).filter((id) => maker.fits.test(id)) : [];
    return { written: new Set(written), listed, isUnread: isOpen && known === undefined };
  }

  private accountsOf(upstream: string, kind: string): CredentialModel[] {
    return this.accounts.filter((one) => one.upstream === upstream && one.kind === kind);
  }

  private isOpen(upstream: string): boolean {
    return this.accounts.some((one) => one.upstream === upstream && one.model === null);
  }
}

function offers(manifest: UpstreamManifest, accounts: readonly CredentialModel[], name: string): boolean {
  return accounts.some(
    ({ kind, plan, model }) => model === null && accountOffers(manifest, { kind, plan: plan ?? undefined }, name),
  );
}

/** One of Sora's names is that film and no other; any other name is a model that is told what to make. */
function isFitFor(name: string, wish: SoraName): boolean {
  const said = readSoraName(name);
  // A character is made by an account, whichever films it makes.
  if (!said || wish.work === 'character') return true;
  const isPlain = said.seconds === undefined && said.orientation === undefined && said.isLarge === undefined;
  if (said.work !== wish.work || said.modelClass !== wish.modelClass) return false;
  return isPlain || (said.seconds === wish.seconds && said.orientation === wish.orientation);
}

/** The quick ones; and Imagen, which has not all the ratios that the names ask for. */
const LESSER = /(?:^|[-.])(?:fast|lite|mini|turbo|imagen)(?:[-.]|$)/i;

/** The full ones before the lesser ones, then the newest. */
function best(names: readonly string[]): string | undefined {
  const byName = (left: string, right: string) => right.localeCompare(left, 'en', { numeric: true });
  return names.toSorted((left, right) => rank(left) - rank(right) || byName(left, right))[0];
}

function rank(name: string): number {
  return LESSER.test(name) ? 1 : 0;
}
