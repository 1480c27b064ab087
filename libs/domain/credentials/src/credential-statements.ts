import type { CredentialState } from '@sluice/contracts/credential';
import { defineStatement } from '@sluice/platform-postgres/statement';
import type { StoredCredential } from './stored-credential.js';

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

/** Columns of an insert, in the order of its parameters. */
export type InsertParameters = [
  id: string,
  upstream: string,
  kind: string,
  label: string,
  identity: string,
  secret: Uint8Array,
  baseUrl: string | null,
  models: string[] | null,
  limitsJson: string,
  weight: number,
  tags: string[],
  enabled: boolean,
  allowPrivateNetwork: boolean,
  demo: boolean,
  notes: string | null,
];

export type UpdateParameters = [
  id: string,
  label: string,
  identity: string,
  secret: Uint8Array,
  baseUrl: string | null,
  models: string[] | null,
  limitsJson: string,
  weight: number,
  tags: string[],
  enabled: boolean,
  allowPrivateNetwork: boolean,
  demo: boolean,
  notes: string | null,
  updatedAt: Date,
  isReset: boolean,
];

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
export const insertCredential = defineStatement<{ id: string }, InsertParameters>(sql('insert-credential'));
export const updateCredential = defineStatement<object, UpdateParameters>(sql('update-credential'));
export const deleteCredential = defineStatement<object, [id: string]>(sql('delete-credential'));
export const setCredentialState = defineStatement<object, StateParameters>(sql('set-credential-state'));
