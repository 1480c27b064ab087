import { firstIdAt } from '@sluice/contracts/generation-id';
import type { Route, Target } from '@sluice/contracts/route';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import { z } from 'zod';
import { knownModelSchema, type KnownModel } from './known-models.js';
import type { ModelStanding } from './model-standings.js';

export interface StoredRoute {
  model: string;
  targets: Target[];
  strategy: Route['strategy'];
  createdAt: Date;
  updatedAt: Date;
}

/** What some enabled credentials of an upstream serve: one model by name or, with null, all. */
export interface CredentialModel {
  upstream: string;
  demo: boolean;
  kind: string;
  plan: string | null;
  model: string | null;
  createdAt: Date;
}

/** What names stand for: routes, the models that credentials name, and the upstreams' own lists. */
export class RouteRepository {
  constructor(private readonly postgres: Queryable) {}

  list(): Promise<StoredRoute[]> {
    return listRoutes.all(this.postgres);
  }

  async put(model: string, route: Route): Promise<void> {
    await putRoute.run(this.postgres, model, JSON.stringify(route.targets), route.strategy);
  }

  async delete(model: string): Promise<boolean> {
    return (await deleteRoute.run(this.postgres, model)) > 0;
  }

  credentialModels(): Promise<CredentialModel[]> {
    return listCredentialModels.all(this.postgres);
  }

  async knownModels(): Promise<ReadonlyMap<string, KnownModel[]>> {
    const rows = await listKnownModels.all(this.postgres);
    return new Map(rows.map(({ upstream, models }) => [upstream, models]));
  }

  /** How models have done since then. */
  modelStandings(sinceMs: number): Promise<ModelStanding[]> {
    return listModelStandings.all(this.postgres, firstIdAt(sinceMs), new Date(sinceMs));
  }

  /** Keeps an upstream's own list, for every replica. */
  async saveKnownModels(upstream: string, models: readonly KnownModel[]): Promise<void> {
    await saveKnownModels.run(this.postgres, upstream, JSON.stringify(models));
  }

  /** From now on nobody knows what the upstream has. */
  async forgetKnownModels(upstream: string): Promise<void> {
    await deleteKnownModels.run(this.postgres, upstream);
  }
}

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

const listRoutes = defineStatement<StoredRoute, []>(sql('list-routes'));
const putRoute = defineStatement<object, [model: string, targetsJson: string, strategy: string]>(sql('put-route'));
const deleteRoute = defineStatement<object, [model: string]>(sql('delete-route'));
const listCredentialModels = defineStatement<CredentialModel, []>(sql('list-credential-models'));
const listKnownModels = defineStatement<{ upstream: string; models: KnownModel[] }, []>({
  ...sql('list-known-models'),
  row: z.object({ upstream: z.string(), models: z.array(knownModelSchema) }),
});
const listModelStandings = defineStatement<ModelStanding, [sinceId: string, since: Date]>(sql('list-model-standings'));
const saveKnownModels = defineStatement<object, [upstream: string, modelsJson: string]>(sql('save-known-models'));
const deleteKnownModels = defineStatement<object, [upstream: string]>(sql('delete-known-models'));
