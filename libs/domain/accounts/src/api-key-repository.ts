import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import type { ApiKeyLimits } from './api-key-limits.js';
import type { StoredApiKey } from './stored-api-key.js';

export type NewApiKey = Pick<StoredApiKey, 'id' | 'name' | 'hash' | 'lastFour' | 'limits' | 'expiresAt'>;

/** Absent leaves a field as it is. */
export interface ApiKeyChanges {
  name?: string;
  limits?: ApiKeyLimits;
  enabled?: boolean;
  expiresAt?: Date | null;
}

/** The table `api_key`. Every change but that of the last use tells all replicas by trigger. */
export class ApiKeyRepository {
  constructor(private readonly postgres: Queryable) {}

  find(id: string): Promise<StoredApiKey | undefined> {
    return findApiKey.first(this.postgres, id);
  }

  findByHash(hash: Uint8Array): Promise<StoredApiKey | undefined> {
    return findApiKeyByHash.first(this.postgres, hash);
  }

  list({ after, limit }: { after?: Pick<StoredApiKey, 'createdAt' | 'id'>; limit: number }): Promise<StoredApiKey[]> {
    return listApiKeys.all(this.postgres, after?.createdAt ?? null, after?.id ?? null, limit);
  }

  /** False where the same key is there already. */
  async insert({ id, name, hash, lastFour, limits, expiresAt }: NewApiKey): Promise<boolean> {
    return (await insertApiKey.run(this.postgres, id, name, hash, lastFour, JSON.stringify(limits), expiresAt)) > 0;
  }

  async update(id: string, changes: ApiKeyChanges): Promise<boolean> {
    const { name = null, limits, enabled = null, expiresAt } = changes;
    const limitsJson = limits === undefined ? null : JSON.stringify(limits);
    return (
      (await updateApiKey.run(
        this.postgres,
        id,
        name,
        limitsJson,
        enabled,
        expiresAt ?? null,
        expiresAt !== undefined,
      )) > 0
    );
  }

  /** False where there is no such key. */
  async rotate(
    id: string,
    next: Pick<StoredApiKey, 'hash' | 'lastFour'> & { previousExpiresAt: Date },
  ): Promise<boolean> {
    return (await rotateApiKey.run(this.postgres, id, next.hash, next.lastFour, next.previousExpiresAt)) > 0;
  }

  async delete(id: string): Promise<boolean> {
    return (await deleteApiKey.run(this.postgres, id)) > 0;
  }

  async touch(lastUses: ReadonlyMap<string, number>): Promise<void> {
    const times = [...lastUses.values()].map((ms) => new Date(ms));
    await touchApiKeys.run(this.postgres, [...lastUses.keys()], times);
  }
}

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

type InsertParameters = [
  id: string,
  name: string,
  hash: Uint8Array,
  lastFour: string,
  limitsJson: string,
  expiresAt: Date | null,
];
type UpdateParameters = [
  id: string,
  name: string | null,
  limitsJson: string | null,
  enabled: boolean | null,
  expiresAt: Date | null,
  isExpiryMeant: boolean,
];

const findApiKey = defineStatement<StoredApiKey, [id: string]>(sql('find-api-key'));
const findApiKeyByHash = defineStatement<StoredApiKey, [hash: Uint8Array]>(sql('find-api-key-by-hash'));
const listApiKeys = defineStatement<StoredApiKey, [afterCreatedAt: Date | null, afterId: string | null, limit: number]>(
  sql('list-api-keys'),
);
const insertApiKey = defineStatement<object, InsertParameters>(sql('insert-api-key'));
const updateApiKey = defineStatement<object, UpdateParameters>(sql('update-api-key'));
const rotateApiKey = defineStatement<object, [id: string, hash: Uint8Array, lastFour: string, previousExpiresAt: Date]>(
  sql('rotate-api-key'),
);
const deleteApiKey = defineStatement<object, [id: string]>(sql('delete-api-key'));
const touchApiKeys = defineStatement<object, [ids: string[], times: Date[]]>(sql('touch-api-keys'));
