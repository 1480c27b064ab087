import { randomBytes } from 'node:crypto';
import type { CredentialState } from '@sluice/contracts/credential';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import { withTransaction } from '@sluice/platform-postgres/transaction';
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

/** An edit, told by what is there now; `isReset` forgets what was held against the credential. */
export type CredentialEdit = (current: StoredCredential) => { content: CredentialContent; isReset: boolean };

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
  async insert(key: Pick<StoredCredential, 'id' | 'upstream' | 'kind'>, content: CredentialContent): Promise<boolean> {
    const {
      label,
      identity,
      secret,
      baseUrl,
      models,
      limits,
      weight,
      tags,
      enabled,
      allowPrivateNetwork,
      demo,
      notes,
    } = content;
    const { id, upstream, kind } = key;
    const limitsJson = JSON.stringify(limits);
    const row = await statements.insertCredential.first(
      this.postgres,
      ...([
        id,
        upstream,
        kind,
        label,
        identity,
        secret,
        baseUrl,
        models,
        limitsJson,
        weight,
        tags,
        enabled,
        allowPrivateNetwork,
        demo,
        notes,
      ] satisfies statements.InsertParameters),
    );
    return row !== undefined;
  }

  /** Undefined where there is no such credential. */
  async update(id: string, edit: CredentialEdit, at: Date): Promise<StoredCredential | undefined> {
    return withTransaction(this.postgres, async (transaction) => {
      const current = await statements.lockCredential.first(transaction, id);
      if (current === undefined) return undefined;
      const { content, isReset } = edit(current);
      const {
        label,
        identity,
        secret,
        baseUrl,
        models,
        limits,
        weight,
        tags,
        enabled,
        allowPrivateNetwork,
        demo,
        notes,
      } = content;
      const limitsJson = JSON.stringify(limits);
      await statements.updateCredential.run(
        transaction,
        ...([
          id,
          label,
          identity,
          secret,
          baseUrl,
          models,
          limitsJson,
          weight,
          tags,
          enabled,
          allowPrivateNetwork,
          demo,
          notes,
          at,
          isReset,
        ] satisfies statements.UpdateParameters),
      );
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
}
