import { systemClock, type Clock } from '@sluice/contracts/clock';
import type { CredentialUse } from '@sluice/contracts/credential';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Target } from '@sluice/contracts/route';
import { readSoraName, type SoraName, type SoraWork } from '@sluice/manifests/sora-names';
import { UPSTREAMS } from '@sluice/manifests/upstreams';
import type { UpstreamManifest } from '@sluice/manifests/upstream-manifest';
import type { Flag } from '@sluice/platform-config/flag';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Listener } from '@sluice/platform-postgres/listener';
import { watchChanges, type WatchedTable } from '@sluice/platform-postgres/watch-changes';
import { atMost, AUTO, candidatesFor, meeting } from './auto-targets.js';
import { ModelIndex, type ListedModel, type ModelIndexOptions } from './model-index.js';
import type { ModelOffer } from './model-offer.js';
import { type ModelWork, workAt, worksTogether } from './model-work.js';
import { ModelStandings } from './model-standings.js';
import { orderTargets } from './order-targets.js';
import { NO_NEEDS, type RequestNeeds } from './request-needs.js';
import type { RouteRepository, StoredRoute } from './route-repository.js';
import { SoraTargets } from './sora-targets.js';

export interface RouteResolverOptions {
  repository: Pick<RouteRepository, 'list' | 'credentialModels' | 'knownModels' | 'modelStandings'>;
  listener: Listener;
  demo: Flag;
  logger: Logger;
  /** What operators say about names; absent: nothing. */
  offer?: Pick<ModelOffer, 'hides' | 'namesOf' | 'read'> & Partial<Pick<ModelOffer, 'listsSoraNames'>>;
  upstreams?: readonly UpstreamManifest[];
  clock?: Clock;
  /** Decides weighted draws; numbers from 0 to below 1. */
  random?: () => number;
}

const WATCHED: readonly WatchedTable[] = ['route', 'credential', 'setting'];
const RETRY_MS = 1_000;
/** What was longer ago says nothing of how a model does now. */
const STANDING_WINDOW_MS = 10 * 60_000;
/** Of a large table's time at most so much goes into reading it: 1 / (1 + 4). */
const REST_PER_READ = 4;
const MOST_WORKS_KEPT = 2_000;
/** What a conversation with one of Sora's names is made into. */
const WORK_OF_SORA = {
  video: 'video',
  extension: 'video',
  character: 'character',
  image: 'image',
  enhance: 'chat',
} as const satisfies Record<SoraWork, ModelWork>;

/** Turns model names into targets, from memory. Kept up with the database. */
export class RouteResolver {
  private readonly clock: Clock;
  private readonly stops: (() => void)[] = [];
  private routes: ReadonlyMap<string, StoredRoute> = new Map();
  private models: ModelIndex;
  private sora: SoraTargets;
  private readonly standings: ModelStandings;
  /** What `auto` can mean, by use: worked out when it is first asked. */
  private readonly candidates = new Map<CredentialUse, Target[]>();
  /** Every name that `isKnown`, worked out when it is first asked. */
  private known: ReadonlySet<string> | undefined;
  /** What is made of a conversation, by the name that was asked for. */
  private readonly works = new Map<string, ModelWork>();
  private isStale = false;
  private refreshing: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly options: RouteResolverOptions) {
    this.clock = options.clock ?? systemClock;
    const nothing = this.toIndexed([], new Map());
    this.models = new ModelIndex(nothing);
    this.sora = new SoraTargets(nothing);
    const { repository, logger } = options;
    this.standings = new ModelStandings({
      read: () => repository.modelStandings(this.clock.now() - STANDING_WINDOW_MS),
      clock: this.clock,
      onError: (error) => logger.warn({ err: error }, 'how models have done could not be read'),
    });
  }

  /** Resolves when everything has been read once. */
  async start(): Promise<void> {
    const reads = WATCHED.map(
      (table) =>
        new Promise<void>((resolve) => {
          const onGap = () => void this.refresh().then(resolve);
          const onChange = (id: string) => void (this.concerns(table, id) && this.refresh());
          this.stops.push(watchChanges(this.options.listener, { table, onChange, onGap }));
        }),
    );
    await Promise.all(reads);
  }

  /** In order of preference, never empty; `model_not_found` where nothing is known by that name. */
  resolve(name: string, use: CredentialUse, needs: () => RequestNeeds = () => NO_NEEDS): Target[] {
    const model = this.withoutSuffix(name);
    const { offer } = this.options;
    if (offer?.hides(name) || offer?.hides(model))
      throw new GatewayError('model_not_found', `The model '${name}' is not offered here.`, { param: 'model' });
    const route = this.routes.get(model);
    if (route !== undefined) return this.along(route, needs);
    if (model === AUTO) return this.resolveAuto(use, needs());
    const targets = this.serving(model, use, needs);
    if (targets.length > 0) return targets;
    throw new GatewayError('model_not_found', missing(name, readSoraName(model)), { param: 'model' });
  }

  /** Whether there are accounts of Sora's own protocols. */
  hasSora(kind: 'videos-api' | 'session'): boolean {
    return this.sora.has(kind);
  }

  /** Whether a name is that of a model: a route, listed by an upstream or its credentials, or in a manifest. */
  isKnown(model: string): boolean {
    const { upstreams = UPSTREAMS } = this.options;
    this.known ??= new Set([
      ...this.routes.keys(),
      ...this.models.list().map(({ id }) => id),
      ...upstreams.flatMap(({ models }) => models.map(({ id }) => id)),
    ]);
    return this.known.has(model) || model === AUTO || readSoraName(model) !== undefined;
  }

  /** What becomes of a conversation with the model; what nobody knows is for the chat to refuse. */
  workOf(name: string): ModelWork {
    const model = this.withoutSuffix(name);
    const known = this.works.get(model);
    if (known) return known;
    const work = this.findWork(model);
    // Clients make names up.
    if (this.works.size < MOST_WORKS_KEPT) this.works.set(model, work);
    return work;
  }

  /** What can be asked for, by name. */
  list(): ListedModel[] {
    const { offer } = this.options;
    const listed = this.listAll();
    if (offer === undefined) return listed;
    const shown = listed.filter(({ id }) => !offer.hides(id));
    const named = shown.flatMap((model) => offer.namesOf(model.id).map((id) => ({ ...model, id })));
    const added = named.filter(({ id }) => !this.isKnown(id) && !offer.hides(id));
    return added.length === 0 ? shown : [...shown, ...added].toSorted(byId);
  }

  /** The model that a name with an operator's suffixes stands for. */
  private withoutSuffix(name: string): string {
    return this.options.offer?.read(name, (one) => this.isKnown(one)).model ?? name;
  }

  private listAll(): ListedModel[] {
    const routes = [...this.routes.values()].map(({ model, createdAt }) => ({
      id: model,
      ownedBy: 'sluice',
      createdAtSeconds: Math.floor(createdAt.getTime() / 1_000),
    }));
    const models = this.models.list();
    const auto = { id: AUTO, ownedBy: 'sluice', createdAtSeconds: models[0]?.createdAtSeconds ?? 0 };
    const found = new Map<string, ListedModel>();
    for (const listed of [...routes, ...models, ...(models.length > 0 ? [auto] : []), ...this.listSora()])
      if (!found.has(listed.id)) found.set(listed.id, listed);
    return [...found.values()].toSorted(byId);
  }

  private along(route: StoredRoute, needs: () => RequestNeeds): Target[] {
    if (route.strategy === 'auto') return this.choose(route.targets, needs());
    return orderTargets(route, this.options.random ?? Math.random);
  }

  /** What serves a name without a route. One of Sora's is served by its class's route, or by whoever can. */
  private serving(model: string, use: CredentialUse, needs: () => RequestNeeds): Target[] {
    const wish = readSoraName(model);
    if (!wish) return this.models.targets(model, use);
    const named = this.sora.isNamed(model) ? this.models.targets(model, use) : [];
    const route = this.routes.get(wish.modelClass);
    if (named.length === 0 && route) return this.along(route, needs);
    const others = this.sora.targets(wish, use);
    const all = [...named, ...others.filter(({ upstream }) => named.every((one) => one.upstream !== upstream))];
    // A better prompt is a conversation: sessions list the names.
    const isWritten = all.length === 0 && use === 'chat' && this.sora.has('session');
    return isWritten ? this.models.targets(model, use) : all;
  }

  private listSora(): ListedModel[] {
    if (!(this.options.offer?.listsSoraNames?.() ?? false)) return [];
    const isEnhanced = (wish: SoraName) => this.routes.has(wish.modelClass) || this.sora.has('session');
    return this.sora.list(isEnhanced);
  }

  private findWork(model: string): ModelWork {
    const { upstreams = UPSTREAMS } = this.options;
    const route = this.routes.get(model) ?? this.soraRoute(model);
    const sora = this.sora.isNamed(model) ? undefined : readSoraName(model);
    if (!route && sora) return WORK_OF_SORA[sora.work];
    if (!route) return (model !== AUTO && this.models.work(model)) || 'chat';
    const works = route.targets.map((target) => {
      const upstream = upstreams.find(({ id }) => id === target.upstream);
      return upstream && workAt(upstream, target.model);
    });
    return worksTogether(works);
  }

  /** Of the class of one of Sora's names that nobody knows by itself. */
  private soraRoute(model: string): StoredRoute | undefined {
    const wish = this.sora.isNamed(model) ? undefined : readSoraName(model);
    return wish && wish.work !== 'extension' ? this.routes.get(wish.modelClass) : undefined;
  }

  private resolveAuto(use: CredentialUse, needs: RequestNeeds): Target[] {
    const candidates = this.candidates.get(use) ?? candidatesFor(this.models, use);
    this.candidates.set(use, candidates);
    const { offer } = this.options;
    const able = meeting(candidates, needs).filter(({ model }) => !offer?.hides(model));
    if (able.length > 0) return atMost(this.standings.order(able));
    const what = needs.sight ? `${use} with pictures` : use;
    throw new GatewayError('model_not_found', `No model that is listed here is known to serve '${AUTO}' for ${what}.`, {
      param: 'model',
    });
  }

  /** An operator's own choice of candidates: those that cannot are left out, unless none can. */
  private choose(targets: readonly Target[], needs: RequestNeeds): Target[] {
    const able = meeting(targets, needs);
    return this.standings.order(able.length > 0 ? able : targets);
  }

  /** Reads everything; a caller that has just written waits for this to see its own change. */
  refresh(): Promise<void> {
    this.isStale = true;
    this.refreshing ??= this.readWhileStale();
    return this.refreshing;
  }

  close(): void {
    this.closed = true;
    for (const stop of this.stops) stop();
  }

  private concerns(table: WatchedTable, id: string): boolean {
    return table !== 'setting' || id.startsWith('models:');
  }

  private async readWhileStale(): Promise<void> {
    while (this.isStale && !this.closed) {
      this.isStale = false;
      const startedAtMs = this.clock.now();
      try {
        await this.read();
        if (this.isStale) await this.pause((this.clock.now() - startedAtMs) * REST_PER_READ);
      } catch (error) {
        this.isStale = true;
        this.options.logger.warn({ err: error }, 'routes and models could not be read; trying again');
        await this.pause(RETRY_MS);
      }
    }
    // At once after the last look at `isStale`: a change that comes now begins a new read.
    this.refreshing = undefined;
  }

  private async read(): Promise<void> {
    const { repository } = this.options;
    const [routes, credentialModels, known] = await Promise.all([
      repository.list(),
      repository.credentialModels(),
      repository.knownModels(),
    ]);
    this.routes = new Map(routes.map((route) => [route.model, route]));
    const indexed = this.toIndexed(credentialModels, known);
    this.models = new ModelIndex(indexed);
    this.sora = new SoraTargets(indexed);
    this.candidates.clear();
    this.works.clear();
    this.known = undefined;
  }

  private toIndexed(
    credentialModels: Awaited<ReturnType<RouteRepository['credentialModels']>>,
    known: Awaited<ReturnType<RouteRepository['knownModels']>>,
  ): ModelIndexOptions {
    const { upstreams = UPSTREAMS, demo } = this.options;
    return { upstreams, credentialModels, demo, knownModels: { modelsOf: (upstream) => known.get(upstream) } };
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.clock.after(delayMs, resolve));
  }
}

/** Names of Sora's clients are known to exist: what is wanting is somebody who makes that. */
function missing(name: string, wish: SoraName | undefined): string {
  if (!wish) return `The model '${name}' does not exist, or no credential serves it.`;
  const who = wish.work === 'enhance' ? 'any model that talks' : 'another model';
  return `Nothing that is set up here makes '${name}'; GET /v1/models lists what is made. A route '${wish.modelClass}' would have ${who} serve it.`;
}

function byId(left: ListedModel, right: ListedModel): number {
  return left.id < right.id ? -1 : 1;
}
