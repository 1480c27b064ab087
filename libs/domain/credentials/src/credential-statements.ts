import type { CredentialState } from '@sluice/contracts/credential';
import { defineStatement } from '@sluice/platform-postgres/statement';
import type { StoredCredential } from './stored-credential.js';

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

/** Whose rests of models are a credential's: its own, or those of its group. */
interface RestOwner {
  id: string;
  upstream: string;
  quotaGroup: string | null;
}

type ListParameters = [upstream: string | null, afterCreatedAt: Date | null, afterId: string | null, limit: number];
type StateParameters = [
  id: string,
  state: CredentialState,
  reason: string | null,
  nextTryAt: Date | null,
  epoch: number,
];

export const findCredentials = defineStatement<StoredCredential, [ids: readonly string[]]>(sql('find-credentials'));
export const findCredentialByIdentity = defineStatement<StoredCredential, [identity: string]>(
  sql('find-credential-by-identity'),
);
export const lockCredential = defineStatement<StoredCredential, [id: string]>(sql('lock-credential'));
export const listCredentials = defineStatement<StoredCredential, ListParameters>(sql('list-credentials'));
export const lockCredentialsByIdentity = defineStatement<
  StoredCredential,
  [identities: readonly string[], labels: readonly string[]]
>(sql('lock-credentials-by-identity'));
export const insertCredentials = defineStatement<{ id: string }, [rowsJson: string]>(sql('insert-credentials'));
export const updateCredentials = defineStatement<object, [rowsJson: string, updatedAt: Date]>(
  sql('update-credentials'),
);
export const deleteCredential = defineStatement<object, [id: string]>(sql('delete-credential'));
export const saveModelRest = defineStatement<
  object,
  [ids: readonly string[], model: string, rest: string, nowMs: number]
>(sql('save-model-rest'));
export const findRestOwners = defineStatement<RestOwner, [ids: readonly string[]]>(sql('find-rest-owners'));
export const forgetModelRests = defineStatement<object, [ids: readonly string[]]>(sql('forget-model-rests'));
export const setCredentialState = defineStatement<object, StateParameters>(sql('set-credential-state'));
