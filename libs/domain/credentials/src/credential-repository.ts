import { randomBytes } from 'node:crypto';
import type { CredentialState } from '@sluice/contracts/credential';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { withTransaction } from '@sluice/platform-postgres/transaction';
import type { ModelRest } from './credential-counters.js';
import * as statements from './credential-statements.js';
import type { StoredCredential } from './stored-credential.js';

/** All that is written when a credential is made or edited. */
export type CredentialContent = Pick<
  StoredCredential,
  | 'label'
  | 'identity'
  | 'secret'
  | 'baseUrl'
  | 'models'
  | 'limits'
  | 'weight'
  | 'tags'
  | 'enabled'
  | 'allowPrivateNetwork'
  | 'demo'
  | 'notes'
  | 'settings'
>;

/** A page goes on after the last credential of the one before. */
export interface CredentialPage {
  upstream?: string;
  after?: Pick<StoredCredential, 'createdAt' | 'id'>;
  limit: number;
}

export interface StateChange {
  id: string;
  state: CredentialState;
  reason: string | null;
  nextTryAt: Date | null;
  /** Of the lease that taught it. */
  epoch: number;
}

/** What one of those who share a quota was told of a model. */
export interface ModelRestChange {
  ids: readonly string[];
  model: string;
  rest: ModelRest;
  nowMs: number;
}

/** An edit, told by what is there now; `isReset` forgets what was held against the credential. */
export type CredentialEdit = (current: StoredCredential) => { content: CredentialContent; isReset: boolean };

export type CredentialKey = Pick<StoredCredential, 'id' | 'upstream' | 'kind'>;
export type NewCredential = CredentialKey & CredentialContent;
export type EditedCredential = CredentialContent & { id: string; isReset: boolean };

/** Made before the row is: a secret is sealed for its id. */
export const createCredentialId = (): string => `cred_${randomBytes(12).toString('hex')}`;

/** The table `credential`. Every write tells all replicas by trigger. */
export class CredentialRepository {
  constructor(private readonly postgres: Postgres) {}

  async find(id: string): Promise<StoredCredential | undefined> {
    return (await this.findMany([id]))[0];
  }

  findMany(ids: readonly string[]): Promise<StoredCredential[]> {
    return statements.findCredentials.all(this.postgres, ids);
  }

  findByIdentity(identity: string): Promise<StoredCredential | undefined> {
    return statements.findCredentialByIdentity.first(this.postgres, identity);
  }

  list({ upstream, after, limit }: CredentialPage): Promise<StoredCredential[]> {
    return statements.listCredentials.all(
      this.postgres,
      upstream ?? null,
      after?.createdAt ?? null,
      after?.id ?? null,
      limit,
    );
  }

  /** False where a credential of the same identity is there already. */
  async insert(key: CredentialKey, content: CredentialContent): Promise<boolean> {
    return (await this.insertMany([{ ...key, ...content }])).size > 0;
  }

  /** Answers the ids of those that were added; one whose identity is there already is not. */
  async insertMany(rows: readonly NewCredential[], on: Queryable = this.postgres): Promise<ReadonlySet<string>> {
    const added = await statements.insertCredentials.all(on, toJson(rows));
    return new Set(added.map(({ id }) => id));
  }

  /** What is there of these identities or labels, held until the transaction ends. */
  lockKnown(
    on: Queryable,
    { identities, labels }: { identities: readonly string[]; labels: readonly string[] },
  ): Promise<StoredCredential[]> {
    return statements.lockCredentialsByIdentity.all(on, identities, labels);
  }

  async updateMany(on: Queryable, rows: readonly EditedCredential[], at: Date): Promise<void> {
    await statements.updateCredentials.run(on, toJson(rows), at);
  }

  transaction<Result>(work: (transaction: Queryable) => Promise<Result>): Promise<Result> {
    return withTransaction(this.postgres, work);
  }

  /** Undefined where there is no such credential. */
  async update(id: string, edit: CredentialEdit, at: Date): Promise<StoredCredential | undefined> {
    return withTransaction(this.postgres, async (transaction) => {
      const current = await statements.lockCredential.first(transaction, id);
      if (current === undefined) return undefined;
      const { content, isReset } = edit(current);
      await this.updateMany(transaction, [{ ...content, id, isReset }], at);
      return (await statements.findCredentials.all(transaction, [id]))[0];
    });
  }

  async delete(id: string): Promise<boolean> {
    return (await statements.deleteCredential.run(this.postgres, id)) > 0;
  }

  /** False where a newer lease has taught something else, or the credential is gone. */
  async setState({ id, state, reason, nextTryAt, epoch }: StateChange): Promise<boolean> {
    return (await statements.setCredentialState.run(this.postgres, id, state, reason, nextTryAt, epoch)) > 0;
  }

  /** A longer rest that is there stays; what is over goes. No replica is told: Redis stops them. */
  async saveModelRest({ ids, model, rest, nowMs }: ModelRestChange): Promise<void> {
    await statements.saveModelRest.run(this.postgres, ids, model, JSON.stringify(rest), nowMs);
  }
}

function toJson(rows: readonly { secret: Uint8Array }[]): string {
  return JSON.stringify(rows.map((row) => ({ ...row, secret: Buffer.from(row.secret).toString('base64') })));
}
